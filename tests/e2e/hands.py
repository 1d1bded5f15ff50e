"""Two ways to do the same on a page: with a pointer, or with keys alone."""

from pathlib import Path
from typing import Protocol

from playwright.sync_api import Locator, Page

MOST_STOPS = 500

# Where the focus is: at the goal, and if so, whether a person sees it there. A radio stands for its group.
STOP = """goal => {
  const at = document.activeElement;
  if (at !== goal) return { there: false, start: at === document.body, inside: goal.closest("main") !== null };
  const box = at.getBoundingClientRect(), drawn = getComputedStyle(at);
  const marked = (style) => (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0)
    || style.boxShadow !== "none";
  const around = at.parentElement ? getComputedStyle(at.parentElement) : drawn;
  const inView = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const x = Math.min(Math.max(box.left + Math.min(box.width / 2, 20), 1), innerWidth - 2);
  const y = Math.min(Math.max(box.top + box.height / 2, 1), innerHeight - 2);
  const over = document.elementFromPoint(x, y);
  const free = over && (at.contains(over) || over.contains(at));
  return { there: true, seen: (marked(drawn) || marked(around)) && inView && Boolean(free), is: at.outerHTML };
}"""


class Hands(Protocol):
    """What a person does with one thing on the page."""

    def press(self, goal: Locator) -> None: ...
    def write(self, field: Locator, text: str) -> None: ...
    def choose(self, field: Locator, label: str) -> None: ...
    def tick(self, box: Locator) -> None: ...
    def hand_in(self, field: Locator, file: Path) -> None: ...


class Pointer:
    """Mouse or finger, and typing into what was touched."""

    def press(self, goal: Locator) -> None:
        goal.click()

    def write(self, field: Locator, text: str) -> None:
        field.fill(text)

    def choose(self, field: Locator, label: str) -> None:
        field.select_option(label=label)

    def tick(self, box: Locator) -> None:
        box.check()

    def hand_in(self, field: Locator, file: Path) -> None:
        field.set_input_files(file)


class Keys:
    """Tab, Enter, Space, arrows and letters. Each stop that is used must be one that a person sees."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, goal: Locator) -> None:
        self.reach(goal)
        self.page.keyboard.press("Enter")

    def write(self, field: Locator, text: str) -> None:
        self.reach(field)
        if field.get_attribute("type") == "date":
            year, month, day = text.split("-")
            self.page.keyboard.type(month + day + year)
            return
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def choose(self, field: Locator, label: str) -> None:
        self.reach(field)
        labels = [" ".join(option.split()) for option in field.locator("option").all_inner_texts()]
        self.page.keyboard.press("Home")
        for _ in range(labels.index(label)):
            self.page.keyboard.press("ArrowDown")

    def tick(self, box: Locator) -> None:
        self.reach(box)
        self.page.keyboard.press("Space")

    def hand_in(self, field: Locator, file: Path) -> None:
        self.reach(field)
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Space")
        chooser.value.set_files(file)

    def reach(self, goal: Locator) -> None:
        """From where the focus is, onwards to the goal; from the top of a page over what every page begins with."""
        handle = goal.element_handle()
        for _ in range(MOST_STOPS):
            stop = self.page.evaluate(STOP, handle)
            if stop["there"]:
                assert stop["seen"], f"the focus is not seen at {stop['is'][:300]}"
                return
            self.page.keyboard.press("Tab")
            if stop["start"] and stop["inside"] and self.page.locator("a.skip:focus").count():
                self.page.keyboard.press("Enter")
        raise AssertionError(f"no key leads to {goal}")
