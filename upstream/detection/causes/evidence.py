"""All that the innocent causes look at, of one draft. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from upstream.detection.causes.case import Case
from upstream.detection.causes.context import Context
from upstream.detection.causes.sent import Books, Kinds
from upstream.detection.detectors.masks import NO_MASKS, Masks


@dataclass(frozen=True)
class Evidence:
    """`kinds` stand in the order of the case's claims; `books` answers what is asked of few of them only."""

    case: Case
    kinds: Kinds
    books: Books
    context: Context
    masks: Masks = NO_MASKS

    @property
    def payer(self) -> int:
        return self.case.draft.scope.payer

    def near_onset(self, day: date, weeks: int = 1) -> bool:
        """Whether a day lies in the weeks in which the change may have begun, or so many beside them."""
        draft, margin = self.case.draft, timedelta(weeks=weeks)
        return _day(draft.onset_low) - margin <= day <= _day(draft.onset_high) + timedelta(days=6) + margin

    @property
    def first_day(self) -> date:
        return _day(self.case.draft.onset)

    @property
    def last_day(self) -> date:
        return _day(self.case.week) + timedelta(days=6)


def _day(week: np.datetime64) -> date:
    found: date = week.astype(date)
    return found
