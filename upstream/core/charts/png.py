"""Bars as a picture for mail, where readers show no SVG: twice the points, the product's font, the same bytes again."""

import io

from django.contrib.staticfiles import finders
from PIL import Image, ImageDraw, ImageFont

from upstream.core.charts.bars import LABEL_SHARE, TOP, VALUE_ROOM, Bar, BarChart
from upstream.core.charts.palette import BLUE, INK, LIGHT, MUTED, PAPER
from upstream.core.charts.scale import Scale
from upstream.core.charts.svg import shorten
from upstream.core.charts.words import short_dollars

FONT = "fonts/upstream-sans-regular.woff2"
SHARP, POINTS = 2, 12
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def bars_png(chart: BarChart, *, width: int = 520, row: int = 30) -> bytes:
    """The chart as PNG, `width` points wide and drawn twice as sharp; a thin light bar is the earlier period."""
    height = TOP * 2 + row * len(chart.bars) + 24
    picture = Image.new("RGB", (width * SHARP, height * SHARP), PAPER)
    pen, font = ImageDraw.Draw(picture), _font()
    top = max([bar.cents for bar in chart.bars] + [bar.before_cents or 0 for bar in chart.bars] + [1])
    across = Scale(0, top, round(width * LABEL_SHARE), width - VALUE_ROOM)
    for number, bar in enumerate(chart.bars):
        _draw(pen, bar, TOP + row * number, row, across, font)
    foot = TOP + row * len(chart.bars)
    _line(pen, across.start, TOP - 2, foot)
    _legend(pen, across.start, foot + 8, chart.before_label, font)
    out = io.BytesIO()
    picture.quantize(32).save(out, "PNG", optimize=True)
    return out.getvalue()


def _font() -> Font:
    path = finders.find(FONT)
    return ImageFont.truetype(path, POINTS * SHARP) if path else ImageFont.load_default(POINTS * SHARP)


def _draw(pen: ImageDraw.ImageDraw, bar: Bar, y: float, row: int, across: Scale, font: Font) -> None:
    thick, thin = row * 0.46, row * 0.22
    top = y + (row - thick - thin) / 2
    _write(pen, across.start - 8, top + thick / 2, shorten(bar.name, across.start - 10), font, "rm")
    _block(pen, across.start, across(bar.cents), top, thick, BLUE)
    if bar.before_cents is not None:
        _block(pen, across.start, across(bar.before_cents), top + thick, thin, LIGHT)
    end = across(max(bar.cents, bar.before_cents or 0))
    _write(pen, end + 6, top + thick / 2, short_dollars(bar.cents), font, "lm")


def _legend(pen: ImageDraw.ImageDraw, x: float, y: float, before: str, font: Font) -> None:
    for at, fill, said in ((x, BLUE, "this period"), (x + 110, LIGHT, before)):
        _block(pen, at, at + 14, y + 1, 9, fill)
        _write(pen, at + 20, y + 6, said, font, "lm")


def _block(pen: ImageDraw.ImageDraw, start: float, end: float, y: float, height: float, fill: str) -> None:
    if end > start:
        pen.rectangle((start * SHARP, y * SHARP, end * SHARP - 1, (y + height) * SHARP - 1), fill=fill)


def _line(pen: ImageDraw.ImageDraw, x: float, top: float, foot: float) -> None:
    pen.line((x * SHARP, top * SHARP, x * SHARP, foot * SHARP), fill=MUTED, width=SHARP)


def _write(pen: ImageDraw.ImageDraw, x: float, y: float, said: str, font: Font, anchor: str) -> None:
    pen.text((x * SHARP, y * SHARP), said, fill=INK, font=font, anchor=anchor)
