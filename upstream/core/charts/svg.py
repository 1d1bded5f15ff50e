"""The few SVG elements the charts are made of; all text is escaped here and nowhere else."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import TypeAlias

from django.utils.safestring import SafeString

from upstream.core.charts.palette import GRID, MUTED

FONT = "Upstream Sans, system-ui, Segoe UI, Helvetica, Arial, DejaVu Sans, sans-serif"
TEXT_SIZE = 12
CHARACTER_WIDTH = 6.6
MOST_NAMES = 0.46
NAME_GAP = 18

NOT_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")

Attribute: TypeAlias = str | int | float


@dataclass(frozen=True, slots=True)
class Node:
    """One element; children are elements or plain text, never markup."""

    tag: str
    attributes: tuple[tuple[str, str], ...]
    children: tuple["Node | str", ...] = ()

    def __str__(self) -> str:
        pairs = "".join(f' {name}="{escape(value)}"' for name, value in self.attributes)
        if not self.children:
            return f"<{self.tag}{pairs}/>"
        inside = "".join(escape(_printable(c)) if isinstance(c, str) else str(c) for c in self.children)
        return f"<{self.tag}{pairs}>{inside}</{self.tag}>"


def node(tag: str, *children: Node | str, **attributes: Attribute) -> Node:
    """An element: `stroke_width=2` becomes `stroke-width="2"`, `class_` becomes `class`, numbers get two places."""
    return Node(tag, tuple((_name(key), _value(value)) for key, value in attributes.items()), children)


def label(x: float, y: float, text: str, *, anchor: str = "start", fill: str = MUTED, bold: bool = False) -> Node:
    """A line of text whose baseline is at `y`; `anchor` is start, middle or end."""
    weight = "600" if bold else "400"
    return node(
        "text",
        text,
        x=x,
        y=y,
        text_anchor=anchor,
        fill=fill,
        font_family=FONT,
        font_size=TEXT_SIZE,
        font_weight=weight,
        class_="chart-text",
    )


def rule(x1: float, y1: float, x2: float, y2: float, *, stroke: str = GRID, dash: str = "", width: float = 1) -> Node:
    """A straight line, dashed when `dash` is given."""
    dashes: dict[str, Attribute] = {"stroke_dasharray": dash} if dash else {}
    return node("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, stroke_width=width, **dashes)


def path_of(points: Iterable[tuple[float, float]]) -> str:
    """Path data of straight segments through the points."""
    return " ".join(f"{'L' if i else 'M'}{_value(x)} {_value(y)}" for i, (x, y) in enumerate(points))


def hatch(name: str) -> Node:
    """A pattern of diagonal lines, for what is not yet certain; legible without colour."""
    line = node("path", d="M0 6 L6 0", stroke=MUTED, stroke_width=0.8)
    return node("defs", node("pattern", line, id=name, width=6, height=6, patternUnits="userSpaceOnUse"))


def name_for(*facts: object) -> str:
    """An element id that depends on the facts only, so that two charts of one page do not share it by accident."""
    digest = hashlib.sha256(repr(facts).encode()).hexdigest()
    return f"c{digest[:10]}"


def document(
    parts: Iterable[Node], *, size: tuple[float, float], title: str, desc: str, kind: str, fluid: bool = True
) -> SafeString:
    """The whole picture: as wide as its place when fluid, else `size` pixels.

    The only place where chart text becomes safe markup: every Node escaped its own text.
    """
    width, height = size
    extent: dict[str, Attribute] = {"width": "100%"} if fluid else {"width": width, "height": height}
    root = node(
        "svg",
        node("title", title),
        node("desc", desc),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_value(width)} {_value(height)}",
        **extent,
        role="img",
        class_=f"chart chart-{kind}",
    )
    return SafeString(str(root))


def shorten(text: str, width: float) -> str:
    """The text, cut with an ellipsis where it would be wider than `width` units."""
    room = max(1, int(width / CHARACTER_WIDTH))
    return text if len(text) <= room else text[: room - 1].rstrip() + "…"


def in_two(text: str, width: float) -> tuple[str, ...]:
    """The text in one line, or parted between words into two where it is wider; the second is cut if need be."""
    room = max(1, int(width / CHARACTER_WIDTH))
    first, _, rest = text[: room + 1].rpartition(" ") if len(text) > room else (text, "", "")
    return (
        (first, shorten((rest + text[room + 1 :]).strip(), width))
        if first != text and first
        else (shorten(text, width),)
    )


def room_for(names: Iterable[str], width: float, least: float) -> int:
    """Where the names end: room for the longest, from the `least` share of the width up to MOST_NAMES."""
    needed = max((len(name) for name in names), default=0) * CHARACTER_WIDTH + NAME_GAP
    return round(min(max(needed, width * least), width * MOST_NAMES))


def _name(key: str) -> str:
    return key if key in {"viewBox", "patternUnits"} else key.rstrip("_").replace("_", "-")


def _value(value: Attribute) -> str:
    if isinstance(value, str):
        return _printable(value)
    rounded = round(value, 2) + 0.0
    return f"{rounded:.2f}".rstrip("0").rstrip(".")


def _printable(text: str) -> str:
    return NOT_XML.sub("", text)
