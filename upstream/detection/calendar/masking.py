"""The weeks that events of the calendar leave out. Pure."""

from collections.abc import Iterable
from datetime import date

import numpy as np

from upstream.detection.calendar.rules import Event
from upstream.detection.choices import EventEffect
from upstream.detection.detectors.masks import Masks


def masks_of(events: Iterable[Event], until: date) -> Masks:
    """The weeks that these events leave out, up to the week of `until`."""
    everyone: set[np.datetime64] = set()
    single: dict[int, set[np.datetime64]] = {}
    for event in events:
        if event.effect == EventEffect.MASK:
            weeks = {np.datetime64(week, "D") for week in event.mondays(until)}
            for found in [single.setdefault(payer, set()) for payer in event.payers] or [everyone]:
                found |= weeks
    return Masks(frozenset(everyone), {payer: frozenset(weeks) for payer, weeks in single.items()})
