"""What the practice sends: first submissions of the whole window, as columns for arithmetic and as claims to write."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import numpy as np
import numpy.typing as npt

from upstream.samples.invented.people import Clinician, Patient, draw_clinicians, draw_patients
from upstream.samples.invented.practices import Payer, Practice, Procedure, Site
from upstream.samples.invented.weeks import Window, weekday_on_or_before

Ints = npt.NDArray[np.int64]

WEEKDAY_WEIGHTS = (0.24, 0.21, 0.2, 0.19, 0.16)
WEEKLY_NOISE = 250  # gamma shape: volumes swing by about 6 % beyond chance


@dataclass(frozen=True, slots=True)
class Line:
    """One service line as billed; `charge_cents` is for all its units."""

    number: int
    procedure: Procedure
    modifiers: str
    units: int
    charge_cents: int


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim version as the practice sends it to one payer."""

    number: str
    submitted: date
    service: date
    payer: Payer
    site: Site
    clinician: Clinician
    patient: Patient
    account: str
    diagnosis: str
    lines: tuple[Line, ...]
    frequency: str = "1"
    original: str = ""
    payer_order: int = 1

    @property
    def charge_cents(self) -> int:
        """The billed total."""
        return sum(line.charge_cents for line in self.lines)


@dataclass(frozen=True, slots=True)
class Columns:
    """First submissions as equally long columns of indexes, in order of `day` (days after the window's first)."""

    day: Ints
    payer: Ints
    procedure: Ints
    site: Ints

    @property
    def week(self) -> Ints:
        """The week of submission."""
        return self.day // 7


def draw_columns(rng: np.random.Generator, practice: Practice, window: Window) -> Columns:
    """Volumes by week with season, holidays and noise; then payer, procedure and site of each claim."""
    expected = [
        practice.claims_per_week * window.season(week, practice.season, practice.peak_day) * window.holiday_factor(week)
        for week in range(window.weeks)
    ]
    counts = rng.poisson(np.array(expected) * rng.gamma(WEEKLY_NOISE, 1 / WEEKLY_NOISE, window.weeks))
    total = int(counts.sum())
    day = np.repeat(np.arange(window.weeks) * 7, counts) + rng.choice(5, total, p=WEEKDAY_WEIGHTS)
    return Columns(
        np.sort(day, kind="stable"),
        _pick(rng, [payer.share for payer in practice.payers], total),
        _pick(rng, [procedure.share for procedure in practice.procedures], total),
        _pick(rng, [site.share for site in practice.sites], total),
    )


def _pick(rng: np.random.Generator, shares: list[float], total: int) -> Ints:
    weights = np.array(shares)
    return rng.choice(len(shares), total, p=weights / weights.sum()).astype(np.int64)


def write_claims(draw: Random, practice: Practice, window: Window, columns: Columns) -> list[Claim]:
    """The claims of the columns, row by row: patients, clinicians, accounts, dates and service lines drawn for each."""
    clinicians = draw_clinicians(draw, practice.clinicians)
    panels = [
        draw_patients(draw, max(1, round(practice.patients * payer.share)), payer.letters, window.first)
        for payer in practice.payers
    ]
    accounts = draw.sample(range(10_000_000, 100_000_000), len(columns.day))
    by_code = {procedure.code: procedure for procedure in practice.procedures}
    rows = zip(
        columns.day.tolist(), columns.payer.tolist(), columns.procedure.tolist(), columns.site.tolist(), strict=True
    )
    claims = []
    for place, (day, payer, procedure, site) in enumerate(rows):
        submitted = window.first + timedelta(days=day)
        billed = practice.procedures[procedure]
        claims.append(
            Claim(
                number=f"{practice.prefix}{place + 1:07d}",
                submitted=submitted,
                service=weekday_on_or_before(submitted - timedelta(days=draw.randrange(1, 7))),
                payer=practice.payers[payer],
                site=practice.sites[site],
                clinician=draw.choice(clinicians),
                patient=draw.choice(panels[payer]),
                account=f"{practice.prefix[0]}{accounts[place]}",
                diagnosis=draw.choice(billed.diagnoses),
                lines=_lines_of(draw, billed, by_code),
            )
        )
    return claims


def _lines_of(draw: Random, billed: Procedure, by_code: dict[str, Procedure]) -> tuple[Line, ...]:
    lines = [_line(draw, 1, billed)]
    if draw.random() < billed.companion_share:
        lines.append(_line(draw, 2, by_code[billed.companion]))
    return tuple(lines)


def _line(draw: Random, number: int, procedure: Procedure) -> Line:
    units = draw.choice(procedure.units)
    # An office visit beside another service needs modifier 25, or payers bundle it.
    modifiers = "25" if number > 1 and procedure.family == "visit" else draw.choice(procedure.modifiers)
    return Line(number, procedure, modifiers, units, procedure.charge_cents * units)
