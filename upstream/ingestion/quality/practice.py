"""What only time shows: a payer that fell silent, a day or a week without what usually comes."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, Sum
from django.db.models.functions import Coalesce, TruncDate

from upstream.claims.choices import Outcome
from upstream.claims.models import PayerWeek, Remittance
from upstream.claims.payer_queries import open_pairs
from upstream.core.clock import monday_of
from upstream.ingestion.choices import BatchState
from upstream.ingestion.models import Batch
from upstream.ingestion.quality.checks import BY_NAME
from upstream.ingestion.quality.judging import Failed, Limits, limit_of
from upstream.ingestion.quality.rhythm import DAY, MOST_WEEKS, Volume, bank_holidays, days_between, learned, volume_of
from upstream.ingestion.quality.rules import Verdict

Days = dict[int, set[date]]
LOOK_BACK = timedelta(weeks=MOST_WEEKS + 8)
RECENT_DAYS = 42
LEAST_DEVIATIONS = 4.0


def look(today: date, own: Limits) -> list[Failed]:
    """Every failed check of payers and of the practice as of today."""
    days = payer_days(today)
    over_time = [*_silent(days, own), *_volumes(today, own), *_missing_days(days, own), *_files(today, own)]
    found = [*_unmapped(own), *over_time]
    return [failed for failed in found if failed.verdict.failed]


def payer_days(today: date) -> Days:
    """The days of the last eight months on which each payer's payments are dated (or became known, without a date)."""
    rows = Remittance.objects.filter(superseded=False).annotate(
        day=Coalesce("payment_date", TruncDate("known_at"))
    ).filter(day__gt=today - LOOK_BACK, day__lte=today)  # fmt: skip
    days: Days = {}
    for payer, day in rows.values_list("payer_id", "day").distinct():
        days.setdefault(payer, set()).add(day)
    return days


def _failed(name: str, own: Limits, share: float, *, more: bool, payer: int | None = None, **values: Any) -> Failed:
    """`more`: fails above the limit; else below it."""
    limit = limit_of(BY_NAME[name], own)
    at = limit.share if limit else 0.0
    failed = limit is not None and (share >= at if more else share <= at)
    detail = values.pop("detail", {})
    return Failed(BY_NAME[name], payer, verdict=Verdict(failed, share, at), detail=detail, **values)


def _unmapped(own: Limits) -> Iterator[Failed]:
    """Payers whose claims may belong to another one: nobody has decided yet."""
    pairs, volumes = open_pairs()
    whole = sum(volume.claims for volume in volumes.values())
    for payer in sorted({pair.unmapped.pk for pair in pairs}):
        claims = volumes[payer].claims if payer in volumes else 0
        if claims:
            yield _failed(
                "payer_unmapped", own, 1.0, more=True, payer=payer, count=claims, of=whole, first_day=None,
                last_day=None,
            )  # fmt: skip


def _silent(days: Days, own: Limits) -> Iterator[Failed]:
    """Payers silent since their last remittance, as of the newest day of any payer: data may have stopped for all."""
    newest = max((max(mine) for mine in days.values()), default=None)
    for payer, mine in sorted(days.items()):
        last = max(mine)
        rhythm = learned(mine, monday_of(last) + timedelta(days=7))
        if newest is None or last == newest or rhythm is None:
            continue
        silent = days_between(last + DAY, newest)
        yield _failed(
            "payer_silent", own, rhythm.surprise(silent), more=False, payer=payer, count=len(silent), of=len(silent),
            first_day=last + DAY, last_day=newest, detail={"expected": round(rhythm.expected(silent), 1)},
        )  # fmt: skip


def _missing_days(days: Days, own: Limits) -> Iterator[Failed]:
    """Business days of the last six weeks of data on which some payer surely should have sent something."""
    newest = max((max(mine) for mine in days.values()), default=None)
    if newest is None:
        return
    rhythms = [rhythm for mine in days.values() if (rhythm := learned(mine, monday_of(newest) + timedelta(days=7)))]
    seen = set().union(*days.values())
    missing = []
    for day in days_between(newest - timedelta(days=RECENT_DAYS), newest):
        if day in seen or day in bank_holidays(day.year):
            continue
        surprise = 1.0
        for rhythm in rhythms:
            surprise *= rhythm.surprise([day])
        one = _failed("day_missing", own, surprise, more=False, count=1, of=1, first_day=day, last_day=day)
        missing += [one] if one.verdict.failed else []
    if missing:
        first, last = missing[0], missing[-1]
        listed = {"days": [one.first_day.isoformat() for one in missing if one.first_day]}
        rarest = min(one.verdict.share for one in missing)
        yield _failed(
            "day_missing", own, rarest, more=False, count=len(missing), of=RECENT_DAYS + 1,
            first_day=first.first_day, last_day=last.last_day, detail=listed,
        )  # fmt: skip


def _files(today: date, own: Limits) -> Iterator[Failed]:
    days = set(
        Batch.objects.filter(received_at__date__gt=today - LOOK_BACK).exclude(state=BatchState.REJECTED)
        .values_list("received_at__date", flat=True).distinct()
    )  # fmt: skip
    last = max(days, default=None)
    rhythm = learned(days, monday_of(last) + timedelta(days=7)) if last else None
    if last is None or rhythm is None or last >= today:
        return
    silent = days_between(last + DAY, today - DAY)
    yield _failed(
        "files_missing", own, rhythm.surprise(silent), more=False, count=len(silent), of=len(silent),
        first_day=last + DAY, last_day=today,
    )  # fmt: skip


def _volumes(today: date, own: Limits) -> Iterator[Failed]:
    """Claims that arrived in the last complete week, payer by payer."""
    newest = PayerWeek.objects.aggregate(week=Max("known_week"))["week"]
    if newest is None:
        return
    week = newest if newest + timedelta(days=6) <= today else newest - timedelta(days=7)
    for payer, weekly in sorted(_weekly(week).items()):
        volume = volume_of(weekly)
        if volume is not None:
            yield from _volume(payer, week, volume, own)


def _volume(payer: int, week: date, volume: Volume, own: Limits) -> Iterator[Failed]:
    told = {"usual": round(volume.usual, 1)}
    for name, more in (("volume_dropped", False), ("volume_jumped", True)):
        if abs(volume.deviations) >= LEAST_DEVIATIONS and (volume.deviations > 0) == more:
            yield _failed(
                name, own, volume.times, more=more, payer=payer, count=volume.last, of=round(volume.usual),
                first_day=week, last_day=week + timedelta(days=6), detail=told,
            )  # fmt: skip


def _weekly(week: date) -> dict[int, list[int]]:
    """Claims that became known in each of the 27 weeks up to this one, from a payer's first week on."""
    first = week - timedelta(weeks=MOST_WEEKS)
    rows = PayerWeek.objects.filter(outcome=Outcome.PENDING, known_week__gte=first, known_week__lte=week)
    found: dict[int, dict[date, int]] = {}
    for payer, known, claims in rows.values_list("payer_id", "known_week").annotate(Sum("claims")):
        found.setdefault(payer, {})[known] = claims
    return {
        payer: [weeks.get(start + timedelta(weeks=n), 0) for n in range((week - start).days // 7 + 1)]
        for payer, weeks in found.items()
        for start in [min(weeks)]
    }
