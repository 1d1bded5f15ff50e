"""The forms of a page, as a browser would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class SentForm:
    """One form that posts: where to, what it holds when nothing is typed, and the options of its single choices."""

    action: str
    values: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The last word of the address, with the act that it names."""
        act = next(iter(self.values.get("act", [])), "")
        return "/".join(part for part in (self.action.rstrip("/").rpartition("/")[2], act) if part)


class _Reader(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.path, self.forms = path, list[SentForm]()
        self.open: SentForm | None = None
        self.select = self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form" and told.get("method") == "post":
            self.open = SentForm(told.get("action") or self.path)
            self.forms.append(self.open)
        if self.open is None or ("name" not in told and tag != "option"):
            return
        if tag == "select":
            self.select = told["name"]
            self.open.choices |= {} if "multiple" in told else {self.select: []}
        elif tag == "option":
            self.open.choices.get(self.select, []).append(told.get("value", ""))
            if "selected" in told:
                self.open.values.setdefault(self.select, []).append(told.get("value", ""))
        elif tag == "textarea":
            self.area = told["name"]
            self.open.values[self.area] = [""]
        elif tag == "button" or (tag == "input" and told.get("type") not in ("checkbox", "radio")):
            self.open.values.setdefault(told["name"], [told.get("value", "")])
        elif tag == "input" and "checked" in told:
            self.open.values.setdefault(told["name"], []).append(told.get("value", "on"))

    def handle_data(self, data: str) -> None:
        if self.open is not None and self.area:
            self.open.values[self.area][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        if tag == "textarea" and self.open is not None and self.area:
            self.open.values[self.area] = [self.open.values[self.area][0].removeprefix("\n")]
            self.area = ""


def forms_of(path: str, html: str) -> list[SentForm]:
    """Those of a page at this address that post."""
    reader = _Reader(path)
    reader.feed(html)
    return reader.forms
