"""Pages on who is told fit a phone, and a mute is looked at before it is kept."""

from playwright.sync_api import expect

from tests.e2e.conftest import NARROW, OpenBrowser, Visitor
from tests.e2e.world import World

PAGES = (
    "routing", "routing-policy", "routing-learned", "routing-log", "rule", "rota", "mutes", "mute-add", "window-add",
    "quiet", "notices",
)  # fmt: skip


def test_pages_on_who_is_told_fit_a_phone(open_browser: OpenBrowser, world: World) -> None:
    visitor = open_browser(NARROW)
    visitor.sign_in(world.manager_email)
    found, wide = {}, []
    for name in PAGES:
        visitor.go(world.pages[name])
        found[name] = visitor.violations()
        if visitor.is_wider_than_its_window():
            wide.append(name)
    assert ({name: rules for name, rules in found.items() if rules}, wide) == ({}, [])


def test_a_mute_is_tried_on_the_last_year_and_kept(visitor: Visitor, world: World) -> None:
    visitor.go(world.pages["mute-add"])
    page = visitor.page
    page.get_by_role("textbox", name="Why").fill("Known move of codes")
    page.get_by_label("Until the end of").fill("2026-04-01")
    page.get_by_label("Codes", exact=True).fill("73721")
    page.get_by_role("button", name="Look at the last year first").click()
    expect(page.get_by_role("heading", name="What the last year would have been")).to_be_visible()
    page.get_by_role("button", name="Mute", exact=True).click()
    expect(page.get_by_text("Known move of codes")).to_be_visible()
