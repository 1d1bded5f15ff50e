"""Every page: nothing for axe to find, no sideways scrolling on a phone, no complaint of the browser."""

import pytest

from tests.e2e.conftest import NARROW, WIDE, OpenBrowser
from tests.e2e.world import World


@pytest.mark.parametrize(("size", "scheme"), [("1280", "light"), ("1280", "dark"), ("390", "light")])
def test_pages_are_accessible_and_fit(size: str, scheme: str, open_browser: OpenBrowser, world: World) -> None:
    visitor = open_browser(WIDE if size == "1280" else NARROW, color_scheme=scheme)
    visitor.go("/portal/sign-in/")
    found = {"sign-in": visitor.violations()}
    visitor.picture(f"sign-in-{size}-{scheme}")
    visitor.sign_in(world.manager_email)
    wide = []
    for name, path in world.pages.items():
        visitor.go(path)
        visitor.picture(f"{name}-{size}-{scheme}")
        found[name] = visitor.violations()
        if visitor.is_wider_than_its_window():
            wide.append(name)
    assert {name: rules for name, rules in found.items() if rules} == {}
    assert wide == []


OWNERS = ("people", "access-log", "access-log/changes", "panel/providers")


@pytest.mark.parametrize(("size", "scheme"), [("1280", "dark"), ("390", "light")])
def test_pages_of_owners_and_staff_too(size: str, scheme: str, open_browser: OpenBrowser, world: World) -> None:
    found = {}
    for email, pages in ((world.owner_email, OWNERS), (world.staff_email, ("style",))):
        visitor = open_browser(WIDE if size == "1280" else NARROW, color_scheme=scheme)
        visitor.sign_in(email)
        for name in pages:
            visitor.go(f"/portal/{name}/")
            visitor.picture(f"{name.replace('/', '-')}-{size}-{scheme}")
            found[name] = [*visitor.violations(), *(["wide"] if visitor.is_wider_than_its_window() else [])]
    assert {name: rules for name, rules in found.items() if rules} == {}
