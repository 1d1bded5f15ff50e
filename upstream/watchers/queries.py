"""Troubles of the bound practice, and when it was watched last."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from upstream.core import clock, tenancy
from upstream.watchers.choices import Limit, TroubleState
from upstream.watchers.models import Look, OwnLimit, Step, Trouble
from upstream.watchers.rules import DEFAULTS, LOOK_EVERY


def standing() -> QuerySet[Trouble]:
    """Those that are not over, what touches the numbers first, then the oldest."""
    rows: QuerySet[Trouble] = Trouble.objects.exclude(state=TroubleState.OVER)
    return rows.order_by(F("affects_numbers").desc(), "since", "pk")


def over() -> QuerySet[Trouble]:
    """Those that are over, the last one first."""
    rows: QuerySet[Trouble] = Trouble.objects.filter(state=TroubleState.OVER)
    return rows.order_by("-over_at", "-pk")


def troubles() -> QuerySet[Trouble]:
    """All of them, as they began."""
    rows: QuerySet[Trouble] = Trouble.objects.order_by("pk")
    return rows


def trouble(public_id: uuid.UUID) -> Trouble | None:
    found: Trouble | None = Trouble.objects.filter(public_id=public_id).first()
    return found


def steps_of(of: Trouble) -> QuerySet[Step]:
    return Step.objects.filter(trouble=of).order_by("at", "pk")


def last_look() -> datetime | None:
    found: datetime | None = Look.objects.values_list("at", flat=True).first()
    return found


def look_is_due() -> bool:
    return not Look.objects.filter(at__gt=clock.now() - LOOK_EVERY).exists()


def looks_due() -> list[int]:
    """The bound tenant's id where it is to be looked at, for the stage."""
    return [tenancy.required()] if look_is_due() else []


@dataclass(frozen=True)
class Alarm:
    """What stands above the numbers: open troubles, what these leave out, and since when nobody has watched."""

    troubles: list[Trouble]
    unwatched_since: datetime | None

    @property
    def claims(self) -> int:
        return sum(row.claims for row in self.troubles)

    @property
    def rows(self) -> int:
        return sum(row.rows for row in self.troubles)

    @property
    def grave(self) -> list[Trouble]:
        """Those that touch the numbers."""
        return [row for row in self.troubles if row.affects_numbers]

    @property
    def is_red(self) -> bool:
        return bool(self.grave) or self.unwatched_since is not None


def alarm() -> Alarm:
    """Three queries. A practice that was never looked at has only begun, and raises none."""
    last = last_look()
    own = OwnLimit.objects.filter(limit=Limit.WATCH_MINUTES, valid_from__lte=clock.now().date())
    said = own.order_by("-valid_from", "-pk").values_list("value", flat=True).first()
    limit = timedelta(minutes=said or DEFAULTS[Limit.WATCH_MINUTES][0])
    dead = last is not None and clock.now() - last > limit
    return Alarm(list(standing()), last if dead else None)
