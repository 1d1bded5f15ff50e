"""A browser on the running portal: what it complains of fails the test; pictures land in var/screens."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, expect, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.e2e.world import World, build_world
from tests.factories import PASSWORD

SCREENS = Path(__file__).parents[2] / "var" / "screens"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Visitor:
    """A person at a browser."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Response:
        answer = self.page.goto(self.address + path)
        assert answer is not None
        return answer

    def sign_in(self, email: str) -> None:
        self.go("/portal/sign-in/")
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page).not_to_have_url(re.compile("/sign-in/"))

    def hear(self, told: ConsoleMessage) -> None:
        if told.type == "error":
            self.complaints.append(f"{told.text} {told.location['url']}")

    def miss(self, request: Request) -> None:
        """What the browser itself broke off, as it left the page or took a file, was not missed."""
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"failed: {request.url}")

    def ask(self, request: Request) -> None:
        """Nothing is asked of anybody else."""
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.complaints.append(f"asked elsewhere: {request.url}")

    def is_wider_than_its_window(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))

    def violations(self) -> list[str]:
        """What axe finds, each with its rule and first place."""
        found = Axe().run(self.page).response["violations"]
        return [f"{rule['id']}: {rule['nodes'][0]['html']}" for rule in found]

    def picture(self, name: str) -> None:
        SCREENS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENS / f"{name}.png", full_page=True)


OpenBrowser = Callable[..., Visitor]


@pytest.fixture
def open_browser(chromium: Browser, live_server: LiveServer) -> Iterator[OpenBrowser]:
    """Opens windows of a given size; afterwards none may have complained."""
    visitors = []

    def open_window(size: dict[str, int] = WIDE, **options: object) -> Visitor:
        page = chromium.new_page(viewport=size, **options)  # Playwright's own options
        visitor = Visitor(page, live_server.url)
        page.on("console", visitor.hear)
        page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        page.on("request", visitor.ask)
        page.on("requestfailed", visitor.miss)
        visitors.append(visitor)
        return visitor

    yield open_window
    for visitor in visitors:
        visitor.page.close()
    assert [complaint for visitor in visitors for complaint in visitor.complaints] == []


@pytest.fixture
def world(transactional_db: None, settings: Settings, tmp_path: Path) -> World:
    """A practice with something on every page."""
    settings.FIXED_NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
    settings.STATIC_ROOT = tmp_path
    return build_world()


@pytest.fixture
def visitor(open_browser: OpenBrowser, world: World) -> Visitor:
    opened = open_browser()
    opened.sign_in(world.manager_email)
    return opened
