"""Making a sample practice by the ways that customers use: files that are read, then a report, letters, a payment.

Each step is one commit with the state that says it is done: a worker that is killed leaves it undone, never half done.
"""

from collections import deque
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from upstream.core import crash
from upstream.core.clock import monday_of
from upstream.core.stages import nudge
from upstream.ingestion import services as ingestion
from upstream.reports import services as reports
from upstream.reports.definitions import WEEKLY
from upstream.samples.afterwards import WEEKS_READ, authorizations_csv, pay_some
from upstream.samples.agreed import agree, set_types
from upstream.samples.invented.generate import InventedFile, generate
from upstream.samples.larkfield import LARKFIELD, WEEKS
from upstream.samples.letters import ask_letters
from upstream.samples.own import keep_report
from upstream.tenants.choices import SampleState
from upstream.tenants.models import Organization
from upstream.tenants.queries import active_members
from upstream.tenants.samples import MAKER, move


def write_files(sample: Organization) -> bool:
    """The bound sample has a year of files, each known on the evening it came; False when it had them before."""
    last_week = last_week_of(sample)
    recent = deque[InventedFile](maxlen=2 * WEEKS_READ)
    with transaction.atomic():
        if not move(sample, SampleState.READING):
            return False
        set_types(LARKFIELD)
        agree(LARKFIELD, MAKER)
        for file in generate(LARKFIELD, last_week, WEEKS):
            _hand_in(file, sample.time_zone)
            recent.append(file)
        known = last_week + timedelta(days=6)
        name = f"{LARKFIELD.slug}-authorizations-{known}.csv"
        _hand_in(InventedFile(name, known, "csv", authorizations_csv(recent, known)), sample.time_zone)
        crash.point("before_sample_commit")
    return True


def finish(sample: Organization) -> bool:
    """What an office does once its files are read: a report, letters, and some of what was denied is paid after all."""
    last_week = last_week_of(sample)
    recent = list(generate(LARKFIELD, last_week, WEEKS))[-2 * WEEKS_READ :]
    with transaction.atomic():
        if not move(sample, SampleState.READY):
            return False
        actor = _first_person()
        reports.request_run(kind=WEEKLY, as_of=last_week + timedelta(days=6), actor=actor)
        ask_letters(actor)
        keep_report(actor)
        pay_some(LARKFIELD, recent, MAKER)
        crash.point("before_sample_commit")
        nudge()
    return True


def last_week_of(sample: Organization) -> date:
    """The Monday of its newest week: the last whole one when it was asked for."""
    asked = sample.created_at.astimezone(ZoneInfo(sample.time_zone)).date()
    return monday_of(asked) - timedelta(days=7)


def _first_person() -> str:
    """Whoever opened the sample first, as histories name them; its maker when nobody is left."""
    member = active_members().first()
    return f"user:{member.user.public_id}" if member else MAKER


def _hand_in(file: InventedFile, time_zone: str) -> None:
    known_at = datetime.combine(file.known_on, time(18), ZoneInfo(time_zone))
    ingestion.receive((file.content,), name=file.name, received_from=MAKER, known_at=known_at)
