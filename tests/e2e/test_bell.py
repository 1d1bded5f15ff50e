"""What rings the bell: a message that appears while a page is open, says nothing of patients, and is read."""

from datetime import timedelta

from django.db import transaction
from playwright.sync_api import Page, expect
from pytest_django import Settings

from tests.e2e.conftest import NARROW, WIDE, OpenBrowser
from tests.e2e.world import World
from tests.factories.telling import tell_all
from upstream.core import tenancy
from upstream.routing.choices import Channel, NoticeState
from upstream.routing.models import Notice
from upstream.routing.services import Said, tell
from upstream.tenants.models import Membership

# The browser's own pop-ups, written down as they are shown.
WRITTEN_DOWN = """
window.popped = [];
window.Notification = class extends window.Notification {
  constructor(title, options) { super(title, options); window.popped.push([title, options.body]); }
};
"""
POPPED = [["Upstream", "There is something new for you."]]
FIRST, NEXT = 9_000, 61_000


def ring(world: World, headline: str) -> None:
    """The manager is told of something at once."""
    with tenancy.bind(world.tenant_id), transaction.atomic():
        person = Membership.objects.get(user__email=world.manager_email)
        said = Said(headline, ["The last one came nine days ago."], "/portal/sources/")
        tell(kind="test", about=headline, severity="critical", said=said, recipients=[person])
        tell_all()


def unread(world: World) -> int:
    with tenancy.bind(world.tenant_id), transaction.atomic():
        rows = Notice.objects.filter(channel=Channel.PORTAL, state=NoticeState.SENT, read_at=None)
        return int(rows.filter(recipient__user__email=world.manager_email).count())


def popped(page: Page) -> object:
    return page.evaluate("window.popped")


def test_a_message_appears_pops_up_once_and_is_read(
    open_browser: OpenBrowser, world: World, settings: Settings
) -> None:
    ring(world, "A channel takes nothing")
    before = unread(world)
    visitor = open_browser(WIDE, permissions=["notifications"])
    page, answers = visitor.page, []
    page.add_init_script(WRITTEN_DOWN)
    page.clock.install()
    page.on("response", lambda answer: answers.append(answer) if "notices/poll" in answer.url else None)
    visitor.sign_in(world.manager_email)
    count = page.locator("a.bell .count")
    page.clock.fast_forward(FIRST)
    expect(count).to_have_text(f"({before})")
    assert popped(page) == POPPED
    settings.FIXED_NOW += timedelta(minutes=5)
    ring(world, "A file is late")
    page.clock.fast_forward(NEXT)
    expect(count).to_have_text(f"({before + 1})")
    assert popped(page) == POPPED * 2
    assert all(set(answer.json()) == {"unread", "newest"} for answer in answers if answer.status == 200)
    visitor.go("/portal/incidents/")
    page.clock.fast_forward(FIRST)
    expect(count).to_have_text(f"({before + 1})")
    assert popped(page) == []
    page.get_by_role("link", name="Notices").click()
    expect(page.get_by_role("link", name="A file is late")).to_be_visible()
    expect(page.locator("tbody .badge-state")).to_have_count(before + 1)
    assert visitor.violations() == []
    visitor.picture("notices-unread")
    page.get_by_role("button", name="All are read").click()
    expect(page.locator("tbody .badge-state")).to_have_count(0)
    page.clock.fast_forward(FIRST)
    expect(count).to_be_hidden()
    assert unread(world) == 0


def test_without_scripts_the_bell_is_a_page(open_browser: OpenBrowser, world: World) -> None:
    ring(world, "A file is late")
    visitor = open_browser(NARROW, java_script_enabled=False)
    visitor.sign_in(world.manager_email)
    page = visitor.page
    page.get_by_role("link", name="Notices").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Notices")
    expect(page.get_by_role("row", name="A file is late")).to_contain_text("new")
    page.get_by_role("button", name="All are read").click()
    expect(page.locator("tbody .badge-state")).to_have_count(0)
    assert unread(world) == 0
