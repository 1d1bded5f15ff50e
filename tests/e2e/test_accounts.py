"""Getting in: by passkey, by an app's code, with JavaScript off, and what happens to who is gone for too long."""

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NARROW, WIDE, OpenBrowser, Visitor
from tests.e2e.world import World
from tests.factories import PASSWORD, doors, member
from upstream.core import tenancy
from upstream.tenants.choices import Role
from upstream.tenants.models import Organization, User

AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def _with_authenticator(page: Page) -> None:
    """The browser has a built-in authenticator, whose owner puts the finger on it at once."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


def _give_password(visitor: Visitor, email: str) -> None:
    visitor.go("/portal/sign-in/")
    visitor.page.get_by_label("E-mail address").fill(email)
    visitor.page.get_by_label("Password").fill(PASSWORD)
    visitor.page.get_by_role("button", name="Sign in").click()


def test_passkey_is_made_and_opens_by_itself_and_after_the_password(visitor: Visitor, world: World) -> None:
    page = visitor.page
    _with_authenticator(page)
    visitor.go("/portal/account/")
    page.get_by_role("link", name="Add a passkey").click()
    visitor.picture("passkey-1280-light")
    page.get_by_label("Name of the passkey").fill("Front desk")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    assert page.locator("ul.codes li").count() == 10
    assert visitor.violations() == []
    visitor.picture("recovery-codes-1280-light")
    page.get_by_role("link", name="Go on").click()
    expect(page.get_by_role("button", name="Remove Front desk")).to_be_visible()
    visitor.go("/portal/account/")
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).click()
    _give_password(visitor, world.manager_email)
    expect(page.get_by_role("heading", level=1)).to_have_text("One more step")
    assert visitor.violations() == []
    visitor.picture("second-step-1280-light")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_visible()


def test_passkey_of_nobody_opens_nothing(open_browser: OpenBrowser, world: World) -> None:
    visitor = open_browser()
    _with_authenticator(visitor.page)
    visitor.go("/portal/sign-in/")
    visitor.page.get_by_role("button", name="Use a passkey").click()
    expect(visitor.page.get_by_role("alert").filter(has_text="gave no passkey")).to_be_visible()


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("scripts", [True, False])
def test_who_must_have_a_factor_is_led_to_an_app_and_then_to_the_page(
    scripts: bool, size: dict[str, int], open_browser: OpenBrowser, world: World
) -> None:
    with tenancy.bind(world.tenant_id), transaction.atomic():
        Organization.objects.update(second_factor="phi")
    visitor = open_browser(size, java_script_enabled=scripts)
    page = visitor.page
    _give_password(visitor, world.manager_email)
    expect(page.get_by_role("heading", level=1)).to_have_text("Add a second factor")
    page.get_by_role("link", name="Add an authenticator app").click()
    seed = page.locator("code").inner_text().replace(" ", "")
    if scripts:
        assert visitor.violations() == []
        assert not visitor.is_wider_than_its_window()
        visitor.picture(f"app-{size['width']}-light")
    page.get_by_label("Code that the app shows").fill(doors.code(seed=seed))
    page.get_by_role("button", name="Add the app").click()
    page.get_by_role("link", name="Go on").click()
    expect(page).to_have_url(f"{visitor.address}/portal/")


def test_warning_comes_before_the_end_and_what_was_typed_is_kept(visitor: Visitor, world: World) -> None:
    with tenancy.bind(world.tenant_id), transaction.atomic():
        Organization.objects.update(idle_minutes=2)
    page = visitor.page
    page.clock.install()
    visitor.go(world.pages["incident"])
    note = page.locator("textarea").first
    note.evaluate("field => { for (let at = field; (at = at.parentElement); ) at.open = true; }")
    note.fill("They call back on Friday.")
    page.clock.run_for(61_000)
    expect(page.get_by_role("dialog", name="Still there?")).to_be_visible()
    assert visitor.violations() == []
    visitor.picture("idle-1280-light")
    page.get_by_role("button", name="Stay signed in").click()
    expect(page.get_by_role("dialog", name="Still there?")).to_be_hidden()
    with page.expect_response("**/account/drafts/**"):
        page.clock.run_for(61_000)
    page.clock.run_for(70_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("What you had typed")
    expect(page.locator("textarea").first).to_have_text("They call back on Friday.")
    assert visitor.violations() == []
    visitor.picture("drafts-1280-light")
    visitor.complaints = [one for one in visitor.complaints if "poll=1" not in one]  # leaving cuts what polls off


def test_owner_sees_who_has_a_factor_and_staff_visit(open_browser: OpenBrowser, world: World) -> None:
    with tenancy.bind(world.tenant_id), transaction.atomic():
        email = member(Role.OWNER).user.email
    doors.app_of(User.objects.get(email=world.manager_email))
    owner = open_browser()
    owner.sign_in(email)
    for name, path in {"people": "/portal/people/", "sign-in-policy": "/portal/settings/sign-in/"}.items():
        owner.go(path)
        assert owner.violations() == []
        owner.picture(f"{name}-1280-light")
    staff = open_browser()
    _give_password(staff, world.staff_email)
    staff.go("/admin/health/")
    staff.picture("staff-health-1280-light")
    staff.page.locator("#result_list a").first.click()
    staff.page.get_by_label("Reason:").fill("ticket 4711, report missing")
    staff.page.get_by_role("button", name="Open").click()
    staff.page.get_by_role("link", name="Look at the portal").click()
    staff.page.get_by_label("As whom").select_option(index=0)
    staff.page.get_by_label("Reason:").fill("ticket 4711, report missing")
    staff.page.get_by_role("button", name="Look").click()
    expect(staff.page.get_by_label("Visit")).to_contain_text("You visit as")
    assert staff.violations() == []
    staff.picture("visit-1280-light")
    owner.go("/portal/settings/")
    expect(owner.page.get_by_label("Visit")).to_contain_text("Upstream's staff look at this practice")
    owner.page.get_by_role("button", name="End the visit").click()
    expect(owner.page.get_by_label("Visit")).to_have_count(0)
