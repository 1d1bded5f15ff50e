"""What besides claims was known at a look: remembered with the run, so that looking again says the same. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from upstream.detection.calendar.masking import masks_of
from upstream.detection.calendar.rules import Event
from upstream.detection.choices import EventEffect
from upstream.detection.detectors.masks import Masks
from upstream.detection.spans import GAP, SPAN
from upstream.detection.triangle import HISTORY

NOTED = timedelta(weeks=GAP + SPAN // 4)


@dataclass(frozen=True)
class Move:
    """Raw names that people gave to another payer, and the day on which they did."""

    payers: tuple[int, ...]
    raws: tuple[int, ...]
    day: date


@dataclass(frozen=True)
class NewMeaning:
    """From `day` on an adjustment code counted as something else; `own`: by the practice's own word."""

    carc: str
    day: date
    own: bool


@dataclass(frozen=True)
class Silence:
    """How long a payer had sent no remittance, by its own rhythm: `chance` that nothing would have come."""

    last: date
    days: int
    expected: float
    chance: float


@dataclass(frozen=True)
class Doubt:
    """A fault found in one file: `count` of its rows."""

    check: str
    batch: int
    payer: int | None
    count: int


@dataclass(frozen=True)
class Context:
    """All of it; `method_since` is the day of the first look by this method, where another one was used before."""

    events: tuple[Event, ...] = ()
    moves: tuple[Move, ...] = ()
    meanings: tuple[NewMeaning, ...] = ()
    silences: Mapping[int, Silence] | None = None
    doubts: tuple[Doubt, ...] = ()
    medicaid: frozenset[int] = frozenset()
    method_since: date | None = None

    def masks(self, week: date) -> Masks:
        """The weeks left out in a look as of the week of Monday `week`."""
        return masks_of(self.events, week)

    def kept(self) -> dict[str, Any]:
        """As a run remembers it; parts that are empty are left out."""
        silences = sorted((self.silences or {}).items())
        found: dict[str, Any] = {
            "calendar": [event.kept() for event in self.events],
            "moves": [[list(move.payers), list(move.raws), str(move.day)] for move in self.moves],
            "meanings": [[made.carc, str(made.day), made.own] for made in self.meanings],
            "silences": [[payer, str(s.last), s.days, s.expected, s.chance] for payer, s in silences],
            "doubts": [[doubt.check, doubt.batch, doubt.payer, doubt.count] for doubt in self.doubts],
            "medicaid": sorted(self.medicaid),
            "method_since": str(self.method_since) if self.method_since else None,
        }
        return {name: value for name, value in found.items() if value}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Context":
        """From what a run remembers."""
        since = kept.get("method_since")
        return cls(
            tuple(Event.of(row) for row in kept.get("calendar", ())),
            tuple(Move(tuple(p), tuple(raws), _day(day)) for p, raws, day in kept.get("moves", ())),
            tuple(NewMeaning(carc, _day(day), own) for carc, day, own in kept.get("meanings", ())),
            {payer: Silence(_day(last), *rest) for payer, last, *rest in kept.get("silences", ())},
            tuple(Doubt(*row) for row in kept.get("doubts", ())),
            frozenset(kept.get("medicaid", ())),
            _day(since) if since else None,
        )


def worth_remembering(events: Iterable[Event], day: date) -> tuple[Event, ...]:
    """Of the events in force those that a look as of `day` may use: all that leave weeks out, and recent notes."""
    masked_since, noted_since = day - timedelta(weeks=HISTORY + 1), day - NOTED
    return tuple(
        event
        for event in events
        if event.first <= day
        and (event.last or day) >= (masked_since if event.effect == EventEffect.MASK else noted_since)
    )


def _day(text: str) -> date:
    return date.fromisoformat(text)
