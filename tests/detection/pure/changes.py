"""Changes at a payer of which every innocent cause is asked, and what was said of them."""

from datetime import date

import numpy as np

from tests.detection.pure.practices import ONSET, PAYER, Practice
from tests.detection.pure.worlds import START, World
from upstream.detection.causes.judge import Judged
from upstream.detection.causes.verdict import Cause, Ruling
from upstream.detection.triangle import ONE_WEEK

ONSET_DAY: date = (START + ONSET * ONE_WEEK).astype(date)


def payer_change(share: float = 0.3) -> Practice:
    """The payer denies more of everything since the onset, and nothing else is new."""
    made = Practice()
    made.world.deny_more(made.late, share, reason=1)
    return made


def late_payer() -> Practice:
    """The payer answers two weeks later since the onset."""
    made = Practice(World(a_week=200))
    world = made.world
    slow = (world.payer == PAYER) & (world.decided >= ONSET)
    world.lag = world.lag + np.where(slow, 2, 0)
    return made


def low_payer(share: float = 0.85, week: int = ONSET, codes: tuple[int, ...] = (0, 1, 2)) -> Practice:
    """Since a week the payer allows less of these procedures."""
    made = Practice()
    world = made.world
    cut = (world.payer == PAYER) & (world.decided >= week) & np.isin(world.code, codes)
    world.allowed = world.allowed * np.where(cut, share, 1.0)
    return made


def rulings(judged: Judged) -> dict[str, str]:
    return {str(verdict.cause): str(verdict.ruling) for verdict in judged.verdicts}


def wins(made: Practice, cause: Cause, family: str = "denial") -> None:
    judged = made.judged(family)
    told = {v.cause: (str(v.ruling), v.share, v.numbers, v.words) for v in judged.verdicts}
    assert judged.cause == cause, told[cause]
    assert told[cause][0] == Ruling.EXPLAINS
