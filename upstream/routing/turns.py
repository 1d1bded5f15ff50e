"""Somebody takes one week of turns in another's place; that can be taken back while the week is not over."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from upstream.alerts.choices import Severity
from upstream.core import clock
from upstream.core.db.versions import edit
from upstream.core.errors import Conflict, Invalid
from upstream.routing.choices import NoticeKind
from upstream.routing.hours import WEEK, Turns
from upstream.routing.models import Rota
from upstream.routing.services import Said, tell
from upstream.tenants.models import Membership
from upstream.tenants.queries import active_members, bound_organization

AHEAD = 52
SHOWN = 8
LABELS = {"substitutes": "who stands in"}


@dataclass(frozen=True)
class Turn:
    """One week of turns: its first day, when it begins, who has it, and whose place that is, if another's."""

    week: date
    begins: datetime
    has: int | None
    instead_of: int | None


def coming(rota: Rota, zone: str, able: frozenset[int], weeks: int = SHOWN) -> list[Turn]:
    """The running week and the next ones; people are numbers of members who are `able`."""
    turns = rota.turns_in(zone)
    first = turns.number_at(clock.now())
    return [_turn(turns, number, able) for number in range(first, first + weeks)]


def _turn(turns: Turns, number: int, able: frozenset[int]) -> Turn:
    begins, week = turns.handover(number), turns.day_of(number)
    usually, has = turns.usually(number, able), turns.on_call(begins, able)
    return Turn(week, begins, has, usually if has != usually else None)


@transaction.atomic
def stand_in(rota: Rota, *, week: date, member: str, version: int) -> Rota:
    """The member with this public id has the turn of the week that begins on that day, and is told of it.

    Invalid for a member who is not there, or a day on which no turn of the coming year begins; Conflict when somebody
    has changed the turns meanwhile.
    """
    found = next((one for one in active_members() if str(one.user.public_id) == member), None)
    if found is None:
        raise Invalid("member", "there is no such member")
    saved = edit(rota, version=version, values=_with(rota, _begins(rota, week), found.pk), labels=LABELS)
    _tell(saved, found, week)
    return saved


@transaction.atomic
def stand_down(rota: Rota, *, week: date, version: int) -> Rota:
    """Who has the turn of that week is as usual again. Conflict where nobody stood in, or the turns were changed."""
    if week.isoformat() not in rota.substitutes:
        raise Conflict("nothing_to_undo", "nobody stands in that week")
    return edit(rota, version=version, values=_with(rota, _begins(rota, week), None), labels=LABELS)


def moves_weeks(rota: Rota, weekday: int) -> bool:
    """Whether another day of handover would leave a substitute of a coming week without a week."""
    today = clock.today(bound_organization().time_zone)
    coming_ones = (week for week in rota.substitutes if date.fromisoformat(week) + WEEK > today)
    return weekday != rota.weekday and any(coming_ones)


def _begins(rota: Rota, week: date) -> date:
    """The day, when a turn that is not over begins on it."""
    turns = rota.turns_in(bound_organization().time_zone)
    running = turns.number_at(clock.now())
    number = running + (week - turns.day_of(running)).days // 7
    if not running <= number <= running + AHEAD or turns.day_of(number) != week:
        raise Invalid("week", "say the day on which a week of turns begins, of this week or within a year")
    return week


def _with(rota: Rota, week: date, member: int | None) -> dict[str, dict[str, int]]:
    """The substitutes with this one, or without; weeks that are long over are let go."""
    old = (week - AHEAD * WEEK).isoformat()
    kept = {day: person for day, person in rota.substitutes.items() if day > old and day != week.isoformat()}
    return {"substitutes": kept if member is None else {**kept, week.isoformat(): member}}


def _tell(rota: Rota, member: Membership, week: date) -> None:
    """In the portal at once, by mail with the daily digest."""
    link = f"{settings.PORTAL_BASE_URL}/portal/routing/"
    headline = f"You stand in for a week from {week.day} {week:%B %Y}"
    said = Said(headline, [f"On call: {rota.name}."], link)
    tell(
        kind=NoticeKind.SUBSTITUTE, about=f"{rota.public_id}:{week}:{rota.version}", severity=Severity.LOW, said=said,
        recipients=[member],
    )  # fmt: skip
