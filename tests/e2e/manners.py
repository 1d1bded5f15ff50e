"""The manners in which people go through the portal: every journey is walked in each of them."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pypdf
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Visitor
from tests.e2e.hands import Hands, Keys, Pointer
from tests.factories import PASSWORD

PATIENCE = 20_000
# What is of no use on paper, and still to be seen there.
LEFT_ON_PAPER = """() => [...document.querySelectorAll(
    "nav, .tools, button, [type=submit], [type=file], td [type=checkbox], dialog, summary, a.skip, a.button")]
  .filter(one => one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length)
  .map(one => one.outerHTML.slice(0, 200))"""
# How dark the ink is and how light the paper, each from 0 to 255.
INK_AND_PAPER = """() => ["color", "backgroundColor"].map(name => {
  const [r, g, b] = getComputedStyle(document.body)[name].match(/[0-9.]+/g).map(Number);
  return (r + g + b) / 3;
})"""


@dataclass(frozen=True)
class Manner:
    """By pointer or by keys, with or without scripts, and what every stop is looked at for."""

    name: str
    scripts: bool = True
    keys: bool = False
    scheme: str = "light"


BY_POINTER = Manner("pointer-and-paper")
WITHOUT_SCRIPTS = Manner("no-scripts", scripts=False)
BY_KEYS = Manner("keys-in-the-dark", keys=True, scheme="dark")
MANNERS = (BY_POINTER, WITHOUT_SCRIPTS, BY_KEYS)


class Traveller:
    """A person on a journey, in one manner."""

    def __init__(self, visitor: Visitor, manner: Manner) -> None:
        self.visitor, self.manner, self.page = visitor, manner, visitor.page
        self.hands: Hands = Keys(visitor.page) if manner.keys else Pointer()

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        self.write("E-mail address", email)
        self.write("Password", password)
        self.press("Sign in")
        expect(self.page.get_by_role("heading", level=1)).not_to_have_text("Sign in")

    def go(self, path: str) -> None:
        self.visitor.go(path)

    def press(self, name: str, within: Locator | None = None, role: str = "button") -> None:
        self.hands.press(self._one((within or self.page.locator("body")).get_by_role(role, name=name, exact=True)))

    def follow(self, name: str, within: Locator | None = None) -> None:
        self.hands.press(self._one((within or self.page.locator("main")).get_by_role("link", name=name)))

    def unfold(self, name: str, within: Locator | None = None) -> None:
        folds = (within or self.page.locator("main")).locator("summary")
        self.hands.press(self._one(folds.filter(has_text=name)))

    def write(self, label: str, text: str, within: Locator | None = None) -> None:
        self.hands.write(self._field(label, within), text)

    def choose(self, label: str, option: str, within: Locator | None = None) -> None:
        self.hands.choose(self._field(label, within), option)

    def tick(self, label: str, within: Locator | None = None) -> None:
        self.hands.tick(self._field(label, within))

    def hand_in(self, label: str, file: Path) -> None:
        self.hands.hand_in(self._field(label), file)

    def area(self, name: str, group: str = "") -> None:
        """Through the menu to an area; on a phone, the menu is opened first."""
        places = self.page.locator("nav.areas")
        expect(places).to_be_attached()
        menu = self.page.get_by_role("button", name="Areas")
        if menu.is_visible():
            self.hands.press(menu)
        if group:
            self.hands.press(places.locator("summary").filter(has_text=group))
        self.hands.press(places.get_by_role("link", name=name, exact=True))

    def sees(self, text: str, where: str = "main") -> None:
        """Within the time that a page takes which asks again by itself, or that a machine takes which is busy."""
        expect(self.page.locator(where).filter(has_text=text).first).to_be_visible(timeout=PATIENCE)

    def is_at(self, heading: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading, timeout=PATIENCE)

    def is_refused(self, saying: str) -> None:
        """The form comes back and says why; that the browser notes the refusal is no complaint."""
        self.sees(saying)
        kept = [one for one in self.visitor.complaints if "status of 422" not in one]
        assert (not self.manner.scripts or len(self.visitor.complaints) - len(kept)) == 1
        self.visitor.complaints[:] = kept

    def words(self) -> str:
        """What the page's own part says, with single spaces."""
        return " ".join(self.page.locator("main").inner_text().split())

    def takes(self, press: Callable[[], None]) -> str:
        """The name of the file that this brings."""
        with self.page.expect_download() as download:
            press()
        return download.value.suggested_filename

    def looks(self) -> None:
        """The page as it stands now is fit for how this person reads it."""
        assert not self.visitor.is_wider_than_its_window()
        if self.manner is BY_KEYS:
            assert self.visitor.violations() == []
        if self.manner is BY_POINTER:
            self._reads_on_paper()

    def _reads_on_paper(self) -> None:
        heading = self.page.get_by_role("heading", level=1).inner_text()
        self.page.emulate_media(media="print", color_scheme="dark")
        left, (ink, paper) = self.page.evaluate(LEFT_ON_PAPER), self.page.evaluate(INK_AND_PAPER)
        self.page.emulate_media(media="screen", color_scheme="light")
        assert left == []
        assert (ink < 80, paper > 240) == (True, True)
        printed = pypdf.PdfReader(io.BytesIO(self.page.pdf(format="Letter")))
        words = " ".join(" ".join(sheet.extract_text().split()) for sheet in printed.pages)
        assert " ".join(heading.split()) in words

    def _field(self, label: str, within: Locator | None = None) -> Locator:
        labelled = (within or self.page.locator("main")).get_by_label(label, exact=True)
        return self._one(labelled.and_(self.page.locator("input, select, textarea")))

    def _one(self, found: Locator) -> Locator:
        expect(found.first).to_be_visible()
        return found.first
