"""Forecasts of the bound practice: made as of every complete week of the last half year, from what was known then."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date, timedelta
from hashlib import sha256

import numpy as np
from django.db import transaction
from django.db.models import Sum
from numpy.typing import NDArray

from upstream.claims.choices import Outcome
from upstream.claims.models import PayerWeek, SubmissionWeek
from upstream.core import clock, tenancy
from upstream.core.db.claiming import one_at_a_time
from upstream.detection.calendar.masking import masks_of
from upstream.detection.calendar.queries import Calendar, calendar
from upstream.detection.choices import EventKind
from upstream.detection.queries import latest_run
from upstream.detection.triangle import Rows
from upstream.forecast.bands import WEEKS, Band
from upstream.forecast.history import REACH, History, history_of
from upstream.forecast.holidays import kinds_of
from upstream.forecast.model import METHOD, Outlook, outlook
from upstream.forecast.models import Came, Expected, Forecast, Reckoned
from upstream.forecast.queries import SCORED
from upstream.forecast.rules import WEEK, YEAR

COLUMNS = ("payer_id", "submitted_week", "known_week", "outcome", "claims", "paid_cents")


def is_due() -> bool:
    """Whether detection has looked, or claims have changed, since forecasts were last made."""
    run = latest_run()
    if run is None or run.last_week is None:
        return False
    return not Reckoned.objects.filter(run=run.pk, changes=_changes()).exists()


@transaction.atomic
def reckon() -> bool:
    """Forecasts stand for the last complete week and the 26 before it, and what came for two years; False: they did.

    A week's forecast is made again only where what was known then reads otherwise now. No claim is read, only weekly
    sums.
    """
    one_at_a_time("forecast", tenancy.required())
    run = latest_run()
    if run is None or run.last_week is None or not is_due():
        return False
    changes = _changes()
    rows = _rows(run.last_week - (REACH + SCORED) * WEEK)
    _keep_what_came(rows, run.last_week - YEAR - SCORED * WEEK)
    known, made = calendar(), _newest_inputs()
    for back in range(SCORED, -1, -1):
        _expect(rows, run.last_week - back * WEEK, known, made)
    Reckoned.objects.update_or_create(defaults={"run": run.pk, "changes": changes})
    return True


def _changes() -> int:
    changes: int = SubmissionWeek.objects.aggregate(all=Sum("changes", default=0))["all"]
    return changes


def _rows(first: date) -> Rows:
    """Weekly cells that became known from a week on. One query."""
    found = PayerWeek.objects.filter(known_week__gte=first).values_list(*COLUMNS)
    columns = [np.array(column) for column in zip(*found, strict=True)] or [np.zeros(0, dtype=np.int64)] * len(COLUMNS)
    payer, sent, known, outcome, claims, paid = columns
    none = np.zeros(len(payer), dtype=np.int64)
    sent, known = sent.astype("datetime64[D]"), known.astype("datetime64[D]")
    return Rows(payer, none, ("",), sent, known, outcome, claims, none, none, paid)


def _newest_inputs() -> dict[date, str]:
    """By as-of week."""
    newest = Forecast.objects.order_by("as_of_week", "-pk").distinct("as_of_week")
    return dict(newest.values_list("as_of_week", "inputs"))


def _expect(rows: Rows, week: date, known: Calendar, made: dict[date, str]) -> None:
    """The forecast as of the end of one week stands, unless there is too little past for one."""
    history = history_of(rows, np.datetime64(week, "D"))
    end = week + timedelta(days=6)
    events = known.at(end)
    holidays = [(event.name, event.first) for event in events if event.kind == EventKind.HOLIDAY]
    first = history.weeks[0].astype(date)
    kinds = kinds_of(first, len(history.weeks) + WEEKS, holidays)
    masks = masks_of(events, end)
    left_out = np.array([masks.left_out(payer, history.weeks) for payer in history.payers], dtype=np.bool_)
    inputs = _fingerprint(history, kinds, left_out)
    if made.get(week) == inputs:
        return
    found = outlook(history, kinds, left_out.reshape(len(history.payers), len(history.weeks)))
    if found is not None:
        forecast = Forecast.objects.create(as_of_week=week, method=METHOD, inputs=inputs, made_at=clock.now())
        Expected.objects.bulk_create(_expected(forecast, found))


def _fingerprint(history: History, kinds: NDArray[np.int64], left_out: NDArray[np.bool_]) -> str:
    whole = sha256(repr((history.payers, str(history.weeks[0]), kinds.tolist(), left_out.tolist())).encode())
    for one in fields(history):
        value = getattr(history, one.name)
        if isinstance(value, np.ndarray) and value.dtype == np.float64:
            whole.update(value.tobytes())
    return whole.hexdigest()


def _expected(forecast: Forecast, found: Outlook) -> Iterator[Expected]:
    """Payers of whom something is expected, and all together: its middles are their sums to the cent."""
    cash, denials = _whole(found.cash, 0), _whole(found.denials, 1)
    for row, payer in enumerate([*found.payers, None]):
        if payer is not None and not (cash.mid[row].any() or denials.mid[row].any()):
            continue
        for span in range(cash.mid.shape[1]):
            yield Expected(
                forecast=forecast, payer_id=payer, span=span,
                cash_low=int(cash.low[row, span]), cash=int(cash.mid[row, span]), cash_high=int(cash.high[row, span]),
                denials_low=float(denials.low[row, span]), denials=float(denials.mid[row, span]),
                denials_high=float(denials.high[row, span]),
            )  # fmt: skip


def _whole(band: Band, digits: int) -> Band:
    """Rounded so that weeks add up to the four together, and payers to all."""
    mid = band.mid.round(digits)
    mid[:, WEEKS] = mid[:, :WEEKS].sum(axis=1)
    mid[-1] = mid[:-1].sum(axis=0)
    return Band(np.minimum(band.low.round(digits), mid), mid.round(digits), np.maximum(band.high.round(digits), mid))


def _keep_what_came(rows: Rows, first: date) -> None:
    """What first answers paid and refused, by payer and week: written where it reads otherwise than before."""
    came: dict[tuple[int, date], list[int]] = {}
    decided = (rows.outcome != Outcome.PENDING) & (rows.known_week >= np.datetime64(first, "D"))
    refused = np.isin(rows.outcome, (Outcome.DENIED, Outcome.PARTIAL))
    columns = (rows.payer, rows.known_week, rows.paid_cents, np.where(refused, rows.claims, 0))
    for payer, week, cents, claims in zip(*(column[decided].tolist() for column in columns), strict=True):
        cell = came.setdefault((payer, week), [0, 0])
        cell[0] += cents
        cell[1] += claims
    kept = {(row.payer_id, row.week): row for row in Came.objects.filter(week__gte=first)}
    Came.objects.filter(pk__in=[row.pk for at, row in kept.items() if at not in came]).delete()
    changed = [
        Came(payer_id=payer, week=week, cash=cash, denials=denials)
        for (payer, week), (cash, denials) in came.items()
        if (payer, week) not in kept or (kept[payer, week].cash, kept[payer, week].denials) != (cash, denials)
    ]
    Came.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["tenant", "week", "payer"], update_fields=["cash", "denials"]
    )
