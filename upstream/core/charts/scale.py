"""From values to places: a linear scale with round steps, and labels that keep apart."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps `low..high` to `start..end` linearly; values outside are clamped."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        if self.high == self.low:
            return self.start
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def round_top(value: float, steps: int = 4) -> tuple[float, float]:
    """(top, step): the smallest round top at or above the value that at most `steps` round steps reach."""
    if value <= 0:
        return 1.0, 1.0
    raw = value / steps
    unit = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * unit for factor in (1, 2, 2.5, 5, 10) if factor * unit >= raw * (1 - 1e-9))
    return math.ceil(value / step - 1e-9) * step, step


def ticks(top: float, step: float) -> list[float]:
    """0, step, ... up to and including the top."""
    return [step * i for i in range(round(top / step) + 1)]


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places as near to the wanted ones as an order-keeping gap allows, inside low..high where they fit."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    places = [0.0] * len(wanted)
    edge = low
    for i in order:
        places[i] = edge = max(wanted[i], edge)
        edge += gap
    edge = high
    for i in reversed(order):
        places[i] = edge = min(places[i], edge)
        edge -= gap
    return places
