"""What people do, from the first click to the last, in a real browser."""

from pathlib import Path

import pytest
from django.db import transaction
from playwright.sync_api import expect

from tests.e2e.conftest import NARROW, WIDE, OpenBrowser, Visitor
from tests.e2e.world import World
from tests.factories import PASSWORD
from upstream import pipeline
from upstream.alerts import services
from upstream.alerts.models import Incident
from upstream.core import tenancy

CSV = """claim_id,payer,procedure_code,diagnosis,location,submitted_date,decided_date,status,denial_reason,billed,\
allowed,paid
T-1,Summit Mutual,99213,M17.11,Main,2026-02-02,2026-02-16,paid,,100.00,80.00,80.00
T-2,Summit Mutual,99213,M17.11,Main,2026-02-03,,pending,,one hundred,,
"""


def _state(world: World) -> str:
    with tenancy.bind(world.tenant_id), transaction.atomic():
        return Incident.objects.get(pk=world.incident.pk).state


def test_acknowledge_and_undo_from_today(visitor: Visitor, world: World) -> None:
    page = visitor.page
    page.locator("ol.incidents").get_by_role("link", name="Summit Mutual started denying").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Summit Mutual started denying knee MRI")
    page.get_by_role("button", name="Acknowledge").click()
    expect(page.locator(".badge-state")).to_have_text("Acknowledged")
    assert _state(world) == "acknowledged"
    page.get_by_role("button", name="Undo that Maria Sandoval").click()
    expect(page.locator(".badge-state")).to_have_text("New")
    assert _state(world) == "new"


def test_from_sign_in_to_an_assigned_incident_in_four_clicks(open_browser: OpenBrowser, world: World) -> None:
    visitor = open_browser()
    page = visitor.page
    visitor.go("/portal/")
    page.get_by_label("E-mail address").fill(world.manager_email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.locator("ol.incidents").get_by_role("link", name="Summit Mutual started denying").click()
    page.get_by_label("Owner").select_option(label="Maria Sandoval")
    page.get_by_role("button", name="Assign").click()
    expect(page.locator(".timeline")).to_contain_text("Maria Sandoval gave it to Maria Sandoval")
    with tenancy.bind(world.tenant_id), transaction.atomic():
        assert Incident.objects.get(pk=world.incident.pk).assigned_to is not None


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("scripts", [True, False])
def test_several_are_snoozed_at_once_and_taken_back(
    scripts: bool, size: dict[str, int], open_browser: OpenBrowser, world: World
) -> None:
    visitor = open_browser(size, java_script_enabled=scripts)
    visitor.sign_in(world.manager_email)
    page = visitor.page
    visitor.go("/portal/incidents/")
    before = page.locator("ol.incidents li").count()
    page.get_by_role("checkbox", name="Choose Summit Mutual started denying").check()
    page.get_by_label("Until").fill("2026-04-01")
    page.get_by_role("button", name="Snooze").click()
    expect(page.get_by_role("status")).to_contain_text("1 incident changed.")
    expect(page.locator("ol.incidents li")).to_have_count(before - 1)
    if scripts:
        assert visitor.violations() == []
        assert not visitor.is_wider_than_its_window()
        visitor.picture(f"incidents-bulk-{size['width']}")
    page.get_by_role("button", name="Undo what you just did").click()
    expect(page.locator("ol.incidents li")).to_have_count(before)


def test_the_second_editor_sees_what_changed_and_sends_again(visitor: Visitor, world: World) -> None:
    page = visitor.page
    visitor.go(world.pages["incident"])
    page.get_by_text("Move it on").click()
    page.get_by_label("Move to").select_option("waiting")
    page.get_by_role("textbox", name="Note").first.fill("They call back on Friday.")
    with tenancy.bind(world.tenant_id), transaction.atomic():
        services.move(Incident.objects.get(pk=world.incident.pk), to_state="working", actor="client:nightly")
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("API client nightly moved it to working")
    assert _state(world) == "working"
    assert visitor.violations() == []
    visitor.picture("incident-changed-meanwhile")
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.locator(".timeline")).to_contain_text("“They call back on Friday.”")
    assert _state(world) == "waiting"
    visitor.complaints.clear()


def test_close_by_the_form(visitor: Visitor, world: World) -> None:
    page = visitor.page
    visitor.go(world.pages["incident"])
    page.get_by_text("Move it on").click()
    page.get_by_label("Move to").select_option("resolved")
    page.get_by_label("What it turned out to be").select_option("payer_change")
    page.get_by_label("Note").fill("The payer wants an authorization since 1 February.")
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.locator(".badge-state")).to_have_text("Resolved")
    expect(page.locator(".timeline")).to_contain_text("Maria Sandoval moved it to resolved (the payer changed)")


def test_keys_move_through_the_list(visitor: Visitor) -> None:
    page = visitor.page
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("ol.incidents a.title").nth(1)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Summit Mutual started denying")


@pytest.mark.parametrize("scripts", [True, False])
def test_upload_is_watched_to_its_end(scripts: bool, open_browser: OpenBrowser, world: World, tmp_path: Path) -> None:
    visitor = open_browser(NARROW, java_script_enabled=scripts)
    visitor.sign_in(world.manager_email)
    page = visitor.page
    file = tmp_path / "week-9.csv"
    file.write_text(CSV)
    visitor.go("/portal/data/")
    page.get_by_label("Files", exact=True).set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    row = page.get_by_role("row").filter(has_text="week-9.csv").filter(has_not_text="front-desk")
    expect(page.get_by_role("status")).to_contain_text("1 file received.")
    expect(row).to_contain_text("On the way")
    row.get_by_role("link").focus()
    with tenancy.bind(world.tenant_id):
        pipeline.run_to_end()
    expect(row).to_contain_text("Partly loaded", timeout=15_000)
    if scripts:
        expect(row.get_by_role("link")).to_be_focused()
    row.get_by_role("link").click()
    expect(page.get_by_text("billed is not an amount in dollars and cents").first).to_be_visible()


def test_claim_numbers_without_leaving_the_page(visitor: Visitor, world: World) -> None:
    page = visitor.page
    visitor.go(world.pages["incident"])
    page.get_by_role("button", name="Show claim numbers").press("Enter")
    expect(page.locator("#claims")).to_contain_text("That you looked was written down.")
    expect(page.locator("#claims")).to_be_focused()
    assert page.url.endswith(world.pages["incident"])


def test_the_palette_finds_and_opens(visitor: Visitor) -> None:
    page = visitor.page
    page.keyboard.press("Control+k")
    page.get_by_role("searchbox").fill("knee")
    expect(page.locator("#palette-found a").first).to_contain_text("knee MRI")
    assert visitor.violations() == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Summit Mutual started denying knee MRI")


def test_search_and_menus_without_scripts(open_browser: OpenBrowser, world: World) -> None:
    visitor = open_browser(NARROW, java_script_enabled=False)
    visitor.sign_in(world.manager_email)
    page = visitor.page
    page.get_by_role("button", name="Areas").click()
    page.get_by_text("Insight", exact=True).click()
    page.get_by_role("link", name="Week", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Week")
    page.get_by_role("button", name="Help on this page").click()
    expect(page.get_by_role("heading", name="On every page")).to_be_visible()
    page.get_by_role("button", name="Close the help").click()
    page.get_by_role("link", name="Search").click()
    page.get_by_label("What to look for").first.fill("knee")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Summit Mutual started denying knee MRI").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("knee MRI")


def test_keys_tick_a_row_and_lead_to_what_is_done_with_it(visitor: Visitor, world: World) -> None:
    page = visitor.page
    visitor.go("/portal/incidents/")
    page.keyboard.press("j")
    page.keyboard.press("d")
    expect(page.get_by_role("button", name="Acknowledge")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("1 incident changed.")


def test_going_back_after_signing_out_shows_nothing(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert "Lakeside" not in page.content()
    kept = page.evaluate("({...localStorage, ...sessionStorage})")
    assert kept == {"htmx-current-path-for-history": "/portal/sign-in/?next=/portal/"}
