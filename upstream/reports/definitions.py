"""Definitions of reports and their schedules: made, changed, undone, ended, put back, paused and resumed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from textwrap import shorten
from typing import Any, Protocol

from django.db import transaction

from upstream.core import clock
from upstream.core.db.versions import edit
from upstream.core.errors import Conflict, Invalid
from upstream.core.stages import nudge
from upstream.reports import queries, subjects
from upstream.reports.choices import Only
from upstream.reports.kinds import KINDS, Kind
from upstream.reports.models import Definition, Policy, Schedule, Unsubscribed
from upstream.reports.timing import Timing
from upstream.tenants.choices import Role
from upstream.tenants.models import Membership
from upstream.tenants.queries import active_members, bound_organization

MOST_DEFINITIONS, MOST_PEOPLE, TITLE_LENGTH = 200, 50, 80
LEAST_DAYS, MOST_DAYS = 30, 2557
PAPERS = ("", "Letter", "A4")
READERS = (Role.OWNER, Role.MANAGER)
WEEKLY, MONDAYS_AT_7 = "weekly", "0 7 * * 1"
LABELS = {
    "title": "title", "about": "what it is about", "paper": "paper", "formats": "files", "roles": "roles",
    "people": "people", "attach": "how it is sent", "kept_days": "how long it is kept", "may_attach": "attaching",
}  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What a report is to be. `people` are public ids of users; `timing` is None for a report that is only asked for.

    `kept_days` None and `paper` "" mean as the practice has it.
    """

    title: str
    about: str = ""
    paper: str = ""
    formats: Sequence[str] = ()
    roles: Sequence[str] = READERS
    people: Sequence[str] = ()
    attach: bool = True
    kept_days: int | None = None
    timing: Timing | None = None


def kind_of(code: str) -> Kind:
    """The kind with this code; Invalid when there is none."""
    if code not in KINDS:
        raise Invalid("report_kind", f"there is no report of kind {code!r}")
    return KINDS[code]


@transaction.atomic
def add_definition(*, kind: str, wanted: Wanted, actor: str) -> Definition:
    """A new report of the practice; Invalid names the part that will not do."""
    values = _checked(kind_of(kind), wanted)
    if queries.definitions().count() >= MOST_DEFINITIONS:
        raise Invalid("title", f"a practice has at most {MOST_DEFINITIONS} reports")
    made: Definition = Definition.objects.create(kind=kind, made_by=actor[:80], made_at=clock.now(), **values)
    _set_timing(made, wanted.timing)
    return made


@transaction.atomic
def change_definition(definition: Definition, *, version: int, wanted: Wanted) -> Definition:
    """The report is this from now on; what it was is kept for one undo.

    Invalid names the part that will not do; Conflict when somebody has changed it meanwhile.
    """
    values = _checked(kind_of(definition.kind), wanted)
    before = {**_values_of(definition), "timing": _timing_of(definition)}
    changed = edit(definition, version=version, values={**values, "before": before}, labels=LABELS)
    _set_timing(changed, wanted.timing)
    return changed


@transaction.atomic
def undo_change(definition: Definition, *, version: int) -> Definition:
    """The report is what it was before its last change, and that change can be brought back in the same way.

    Conflict when there was none, or when it was changed meanwhile.
    """
    if definition.before is None:
        raise Conflict("nothing_to_undo", "this report was not changed, so there is nothing to undo")
    before = dict(definition.before)
    kept = before.pop("timing")
    now = {**_values_of(definition), "timing": _timing_of(definition)}
    undone = edit(definition, version=version, values={**before, "before": now}, labels=LABELS)
    _set_timing(undone, Timing(**kept) if kept else None)
    return undone


@transaction.atomic
def end_definition(definition: Definition, *, version: int) -> Definition:
    """The report is made no more by itself, and stands on no list; what was made stays. Conflict when it was ended."""
    if definition.ended_at is not None:
        raise Conflict("not_a_move", "this report was ended already")
    return edit(definition, version=version, values={"ended_at": clock.now()}, labels={})


@transaction.atomic
def put_definition_back(definition: Definition, *, version: int) -> Definition:
    """An ended report counts again; moments that went by meanwhile are not made up. Conflict when it counts."""
    if definition.ended_at is None:
        raise Conflict("not_a_move", "this report counts")
    Schedule.objects.filter(definition=definition).update(since=clock.now())
    return edit(definition, version=version, values={"ended_at": None}, labels={})


@transaction.atomic
def switch_schedule(definition: Definition, *, version: int, active: bool) -> Definition:
    """The schedule works, or rests; moments that went by while it rested are not made up.

    Conflict where there is none, where it is so already, and when the report was changed meanwhile.
    """
    schedule = Schedule.objects.filter(definition=definition).first()
    if schedule is None or schedule.active == active:
        raise Conflict("not_a_move", "this schedule " + ("works already" if active else "rests already or is none"))
    changed = edit(definition, version=version, values={}, labels={})
    schedule.active = active
    if active:
        schedule.since = clock.now()
    schedule.save()
    nudge()
    return changed


def pause(definition: Definition, *, version: int) -> Definition:
    """The schedule rests."""
    return switch_schedule(definition, version=version, active=False)


def resume(definition: Definition, *, version: int) -> Definition:
    """The schedule works again."""
    return switch_schedule(definition, version=version, active=True)


class Move(Protocol):
    """What is done to a definition as it was seen in that version."""

    def __call__(self, definition: Definition, *, version: int) -> Definition: ...


MOVES: dict[str, Move] = {
    "pause": pause, "resume": resume, "undo": undo_change, "end": end_definition, "put_back": put_definition_back,
}  # fmt: skip


@transaction.atomic
def subscribe(definition: Definition, member: Membership, *, wanted: bool) -> None:
    """The member gets this report by mail where it names them, or does not. Their own wish; repeating changes nothing.

    Unlike the rest here it is nobody else's to overwrite, so it carries no version.
    """
    if wanted:
        Unsubscribed.objects.filter(definition=definition, member=member).delete()
    else:
        Unsubscribed.objects.get_or_create(definition=definition, member=member, defaults={"at": clock.now()})


@transaction.atomic
def save_policy(*, version: int, kept_days: int, may_attach: bool) -> Policy:
    """What holds for all reports of the practice; Conflict when somebody has changed it meanwhile."""
    values = {"kept_days": _days(kept_days), "may_attach": may_attach}
    policy, _ = Policy.objects.get_or_create()
    return edit(policy, version=version, values=values, labels=LABELS)


def standard(kind: str, about: str = "") -> Definition:
    """The report that stands for its kind where no definition is named, made when missing: for those who may make it.

    A new weekly one is due on Mondays at 7 of the practice's clock. Called in a transaction;
    Invalid for an unknown kind, and for what it cannot be about.
    """
    of = kind_of(kind)
    about = subjects.check(of, about)
    named = f"{of.title}: {subjects.name_of(of, about)}" if about else of.title
    values = _checked(of, Wanted(shorten(named, TITLE_LENGTH, placeholder="…"), about))
    made: Definition
    made, new = Definition.objects.get_or_create(
        kind=kind, subject=about, standard=True, defaults={**values, "made_by": "system", "made_at": clock.now()}
    )
    if new and kind == WEEKLY:
        zone = bound_organization().time_zone
        Schedule.objects.create(definition=made, cron=MONDAYS_AT_7, zone=zone, since=queries.BEFORE_ALL)
    return made


def _checked(kind: Kind, wanted: Wanted) -> dict[str, Any]:
    """The columns of a definition; Invalid names the part that will not do."""
    title = " ".join(wanted.title.split())
    if not title or len(title) > TITLE_LENGTH:
        raise Invalid("title", f"a title of at most {TITLE_LENGTH} letters is needed")
    if wanted.paper not in PAPERS:
        raise Invalid("paper", "paper is Letter or A4")
    formats = [one for one in kind.formats if one in (wanted.formats or kind.formats)]
    if not set(wanted.formats) <= set(kind.formats):
        raise Invalid("formats", f"this report comes as {' and '.join(kind.formats)}")
    if not set(wanted.roles) <= set(Role.values):
        raise Invalid("roles", "there is no such role")
    return {
        "title": title,
        "subject": subjects.check(kind, wanted.about),
        "paper": wanted.paper,
        "formats": formats,
        "roles": [role for role in Role.values if role in wanted.roles],
        "people": _members(wanted.people),
        "attach": wanted.attach,
        "kept_days": None if wanted.kept_days is None else _days(wanted.kept_days),
    }


def _members(people: Sequence[str]) -> list[int]:
    known = {str(member.user.public_id): member.pk for member in active_members()} if people else {}
    if not set(people) <= set(known) or len(people) > MOST_PEOPLE:
        raise Invalid("people", f"name at most {MOST_PEOPLE} members of the practice")
    return sorted({known[person] for person in people})


def _days(days: int) -> int:
    if not LEAST_DAYS <= days <= MOST_DAYS:
        raise Invalid("kept_days", f"files are kept between {LEAST_DAYS} and {MOST_DAYS} days")
    return days


def _set_timing(definition: Definition, timing: Timing | None) -> None:
    """The definition's schedule says this; one that says something else than before counts from now on."""
    kept = Schedule.objects.filter(definition=definition).first()
    if timing is None:
        if kept is not None:
            kept.delete()
        return
    if kept is None:
        kept = Schedule(definition=definition)
    elif kept.timing == timing:
        return
    for part in fields(timing):
        setattr(kept, part.name, getattr(timing, part.name))
    kept.since = clock.now()
    kept.save()


def _values_of(definition: Definition) -> dict[str, Any]:
    names = ("title", "subject", "paper", "formats", "roles", "people", "attach", "kept_days")
    return {name: getattr(definition, name) for name in names}


def _timing_of(definition: Definition) -> dict[str, Any] | None:
    schedule = Schedule.objects.filter(definition=definition).first()
    return {**asdict(schedule.timing), "only": str(Only(schedule.only))} if schedule else None
