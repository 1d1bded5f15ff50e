"""Verbs on the register: taking what files brought, telling ends, and what time payers leave."""

from datetime import date

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from upstream.alerts.choices import Severity
from upstream.authorizations import matching, queries, register, risks
from upstream.authorizations.choices import SettingKind
from upstream.authorizations.clocks import Clocks, tell_due
from upstream.authorizations.models import Entry, PayerSetting, Taken, ToldMark, Upkeep
from upstream.authorizations.rules import GRANTED, Standing, marks_reached
from upstream.claims.models import Payer
from upstream.core import clock, crash, tenancy
from upstream.core.db.claiming import one_at_a_time
from upstream.core.errors import Conflict, Invalid
from upstream.routing.services import Said, tell
from upstream.tenants.choices import Right
from upstream.tenants.queries import bound_organization

ALWAYS = date(2000, 1, 1)
LONGEST = {SettingKind.LEAD: 365, SettingKind.STANDARD: 2160, SettingKind.EXPEDITED: 2160}
STAGE, TOLD = "authorizations", "authorizations.ending"


def take_files(_batch_id: int) -> bool:
    """Every file that waits stands in the register, with what its claims draw on; False when none waited."""
    with transaction.atomic():
        one_at_a_time(STAGE, tenancy.required())
        waiting = list(queries.files_waiting().values_list("pk", "loaded_at"))
        if not waiting:
            return False
        zone = bound_organization().time_zone
        today, batches = clock.today(zone), [pk for pk, _ in waiting]
        entries = register.write(batches, Clocks(), zone)
        with connection.cursor() as cursor:
            if entries or Entry.objects.exists():
                matching.link(cursor, batches, entries)
                matching.tell_totals(cursor, today, entries)
            risks.tell_risks(cursor, today)
        rows = [Taken(batch_id=pk, loaded_at=loaded_at) for pk, loaded_at in waiting if loaded_at]
        Taken.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["tenant", "batch"], update_fields=["loaded_at"]
        )
        crash.point("before_register_commit")
    return True


def tell_day(_tenant_id: int) -> bool:
    """Ends, totals, needs and risks are today's, and what was reached since yesterday is told in one mail a person.

    False when today's were told.
    """
    with transaction.atomic():
        one_at_a_time(STAGE, tenancy.required())
        zone = bound_organization().time_zone
        today = clock.today(zone)
        if not queries.day_is_due(today):
            return False
        clocks = Clocks()
        with connection.cursor() as cursor:
            moved = matching.follow_payers(cursor)
            matching.link(cursor, [], moved)
            matching.tell_totals(cursor, today, moved)
            risks.tell_needs(cursor, today)
            risks.tell_risks(cursor, today)
        _tell_due(Entry.objects.filter(Q(pk__in=moved) | Q(answered_at=None)), clocks, zone)
        marks = _mark(clocks, today)
        if any(mark.told for mark in marks):
            _tell_people(marks, today)
        Upkeep.objects.update_or_create(defaults={"done_on": today})
    return True


def _mark(clocks: Clocks, today: date) -> list[ToldMark]:
    """The marks that were reached since they were looked at last, kept; the nearest new one of each is to be told."""
    near = Entry.objects.filter(action__in=GRANTED).filter(Q(valid_until__gte=today) | Q(valid_until=None))
    before = set(ToldMark.objects.filter(entry__in=near).values_list("entry_id", "mark"))
    made: list[ToldMark] = []
    for entry in near.only("valid_until", "approved_units", "used_units", "payer").iterator(chunk_size=2000):
        standing = Standing(entry.valid_until, entry.approved_units, entry.used_units)
        lead = clocks.lead(entry.payer_id, today).value or 0
        reached = marks_reached(standing, today=today, lead_days=lead)
        new = [mark for mark in reached if (entry.pk, mark) not in before]
        made += [ToldMark(entry=entry, mark=mark, on_day=today, told=mark == reached[0]) for mark in new]
    ToldMark.objects.bulk_create(made, batch_size=2000, ignore_conflicts=True)
    return made


def _tell_people(marks: list[ToldMark], today: date) -> None:
    """One line for all of it: how many end, and how many are nearly used up. No payer and no person is named."""
    told = [mark for mark in marks if mark.told]
    used = sum(mark.mark == "used" for mark in told)
    lines = []
    if ending := len(told) - used:
        lines.append(f"{ending} {'ends' if ending == 1 else 'end'} soon.")
    if used:
        lines.append(f"{used} {'is' if used == 1 else 'are'} nearly used up.")
    said = Said(
        "Authorizations to renew",
        [*lines, "Each is told once at each of its marks."],
        f"{settings.PORTAL_BASE_URL}/portal/authorizations/?show=near",
        {"ending": ending, "used": used},
    )
    tell(kind=TOLD, about=f"authorizations:{today}", severity=Severity.MEDIUM, said=said, right=Right.WORK)


@transaction.atomic
def set_time(
    *, kind: str, value: int | None, payer: Payer | None = None, source: str = "", valid_from: date | None = None,
    actor: str, seen: str | None = None,
) -> PayerSetting:  # fmt: skip
    """From `valid_from` on (None: always) the payer, or every payer, leaves so much time; None ends what was said.

    `seen`: id of the newest own time that the form was made from, "" for none. Invalid for a kind that we do not have,
    or a value out of range; Conflict when something else was said of the same since. What payers had to decide by is
    told anew.
    """
    if kind not in SettingKind.values:
        raise Invalid("kind", "there is no such time")
    longest = LONGEST[SettingKind(kind)]
    if value is not None and not 1 <= value <= longest:
        raise Invalid("value", f"this is 1 to {longest}")
    if seen is not None:
        _check_newest(PayerSetting.objects.filter(payer=payer, kind=kind), seen)
    said: PayerSetting = PayerSetting.objects.create(
        payer=payer, kind=kind, value=value, source=source.strip()[:80], valid_from=valid_from or ALWAYS,
        said_by=actor[:80], at=clock.now(),
    )  # fmt: skip
    of_payer = Entry.objects.filter(payer=payer) if payer else Entry.objects.all()
    if kind != SettingKind.LEAD:
        _tell_due(of_payer, Clocks(), bound_organization().time_zone)
    return said


@transaction.atomic
def take_back(setting: PayerSetting, *, actor: str) -> PayerSetting:
    """What was said before this stands again from the day on from which this one was said; another row says so.

    Conflict when something else was said of the same from that day on since.
    """
    same = PayerSetting.objects.filter(payer=setting.payer_id, kind=setting.kind, valid_from=setting.valid_from)
    _check_newest(same, str(setting.public_id))
    before = (
        PayerSetting.objects.filter(payer=setting.payer_id, kind=setting.kind, valid_from__lte=setting.valid_from)
        .filter(pk__lt=setting.pk).order_by("valid_from", "pk").last()
    )  # fmt: skip
    return set_time(
        kind=setting.kind, value=before.value if before else None, payer=setting.payer,
        source=before.source if before else "", valid_from=setting.valid_from, actor=actor,
    )  # fmt: skip


def _check_newest(same: QuerySet[PayerSetting], seen: str) -> None:
    """In the open transaction, as the only one for the practice."""
    one_at_a_time(STAGE, tenancy.required())
    known = PayerSetting.objects.filter(public_id=seen).values_list("pk", flat=True).first() if seen else 0
    if known is None or same.filter(pk__gt=known).exists():
        raise Conflict("changed_meanwhile", "somebody has said something else of this meanwhile; look again")


def _tell_due(entries: QuerySet[Entry], clocks: Clocks, zone: str) -> None:
    rows = list(entries.exclude(requested_at=None, requested_date=None))
    tell_due(rows, clocks, zone)
    Entry.objects.bulk_update(rows, ["due_at", "answered_at", "due_source"], batch_size=2000)
