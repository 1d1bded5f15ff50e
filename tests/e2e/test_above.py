"""What stands above a page and in place of it: nothing for axe to find, and keys go as the eye does."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NARROW, WIDE, OpenBrowser, Visitor
from tests.e2e.world import World

# Every fold of the page's own part, opened.
UNFOLD = "document.querySelectorAll('main details').forEach(one => { one.open = true; })"
# What has the focus, as a person calls it.
NAME = "() => document.activeElement.getAttribute('aria-label') || document.activeElement.innerText.trim()"


def _above(visitor: Visitor, world: World) -> dict[str, list[str]]:
    """What axe finds with each thing open that a page can open."""
    page, found = visitor.page, dict[str, list[str]]()
    visitor.go("/portal/")
    page.get_by_role("button", name="Help on this page").click()
    found["help"] = visitor.violations()
    page.keyboard.press("Escape")
    page.locator("main button.why").first.click()
    expect(page.locator(".tip:popover-open")).to_contain_text("As of")
    found["explanation"] = visitor.violations()
    page.keyboard.press("Escape")
    menu = page.get_by_role("button", name="Areas")
    if menu.is_visible():
        menu.click()
    page.locator("nav.areas summary").filter(has_text="Insight").click()
    found["menu"] = visitor.violations()
    visitor.go("/portal/incidents/")
    page.keyboard.press("Control+k")
    page.keyboard.type("knee")
    expect(page.locator("#palette-found a").first).to_be_visible()
    found["search"] = visitor.violations()
    for name in ("incident", "payer", "worklist", "own-report-build", "rule-add"):
        visitor.go(world.pages[name])
        page.evaluate(UNFOLD)
        found[name] = visitor.violations()
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_opens_is_accessible_too(scheme: str, open_browser: OpenBrowser, world: World) -> None:
    visitor = open_browser(WIDE if scheme == "light" else NARROW, color_scheme=scheme)
    visitor.sign_in(world.manager_email)
    assert {name: faults for name, faults in _above(visitor, world).items() if faults} == {}


def test_pages_of_errors_are_accessible_and_lead_back(open_browser: OpenBrowser, world: World) -> None:
    visitor = open_browser(NARROW, color_scheme="dark")
    visitor.sign_in(world.manager_email)
    for path, status, heading in (
        ("/portal/nowhere/", 404, "Not found"),
        ("/portal/people/", 403, "Not open to you"),
    ):
        assert visitor.go(path).status == status
        expect(visitor.page.get_by_role("heading", level=1)).to_have_text(heading)
        assert (visitor.violations(), visitor.is_wider_than_its_window()) == ([], False)
        visitor.page.get_by_role("link", name="Back to Today").click()
        expect(visitor.page).to_have_url(re.compile("/portal/$"))
    visitor.complaints[:] = [one for one in visitor.complaints if "status of 40" not in one]


def _stops(page: Page, until: str) -> list[str]:
    """What Tab leads to from the top of the page, up to the thing of this name."""
    names: list[str] = []
    while until not in names and len(names) < 30:
        page.keyboard.press("Tab")
        names.append(page.evaluate(NAME))
    return names


def test_keys_go_through_the_head_as_the_eye_does(visitor: Visitor, world: World) -> None:
    """On a wide screen from left to right: the way out comes last."""
    visitor.go(world.pages["worklist"])
    assert _stops(visitor.page, "Sign out") == [
        "Skip to the content", "Upstream", "Today", "Incidents", "Worklist", "Follow-up", "Insight", "Data", "Practice",
        "Search", "Help on this page", "Notices", "Sign out",
    ]  # fmt: skip
