"""Builds the demo practices by the ways that customers use: people, files, workers. Repeating it changes nothing."""

import json
import secrets
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Count

from upstream import pipeline
from upstream.alerts.models import Incident
from upstream.alerts.queries import open_incidents
from upstream.claims.models import Claim
from upstream.core import tenancy
from upstream.core.clock import monday_of
from upstream.core.errors import Invalid
from upstream.delivery.choices import OutboxState
from upstream.delivery.models import Outbox
from upstream.detection.choices import Metric
from upstream.detection.models import DetectionRun
from upstream.ingestion import services as ingestion
from upstream.ingestion.choices import BatchState
from upstream.ingestion.models import Batch
from upstream.reports import services as reports
from upstream.reports.choices import RunState
from upstream.reports.definitions import WEEKLY
from upstream.reports.models import ReportRun
from upstream.reports.services import open_artifact
from upstream.routing import queries as routing
from upstream.routing import ruling
from upstream.routing.ruling import TargetSaid
from upstream.samples.afterwards import WEEKS_READ, authorizations_csv, pay_some
from upstream.samples.agreed import agree, set_types
from upstream.samples.invented.generate import InventedFile, generate
from upstream.samples.invented.practices import Practice
from upstream.samples.letters import ask_letters
from upstream.samples.own import keep_report
from upstream.tenants import services as tenants
from upstream.tenants.choices import Role
from upstream.tenants.models import Membership, Organization, User
from upstream.tenants.people import set_provider
from upstream.tenants.queries import organization

ACTOR = "command:demo"
ROLES = (Role.OWNER, Role.MANAGER, Role.BILLER, Role.CLINICIAN, Role.AUDITOR)


@dataclass(frozen=True)
class Built:
    """One demo practice: its incidents in words and where its files lie."""

    name: str
    slug: str
    incidents: list[str]
    monitored: int
    files: list[Path]
    mails: int


def prepare(practice: Practice) -> tuple[Organization, date]:
    """The practice with its people, and the Monday of its newest week: the last whole one when it was first made."""
    try:
        with transaction.atomic():
            found = organization(practice.slug)
    except Invalid:
        found = tenants.create_organization(slug=practice.slug, name=practice.name)
    with tenancy.bind(found.pk), transaction.atomic():
        password, known = demo_password(), set(Membership.objects.values_list("user__email", flat=True))
        for role in ROLES:
            if address(role, practice.slug) not in known:
                tenants.add_member(email=address(role, practice.slug), role=role, password=password)
        set_types(practice)
        keep_report(_manager())
        agree(practice, ACTOR)
    created = found.created_at.astimezone(ZoneInfo(found.time_zone)).date()
    return found, monday_of(created) - timedelta(days=7)


def _manager() -> str:
    """The bound practice's manager, as histories name them."""
    manager = Membership.objects.select_related("user").filter(role=Role.MANAGER).order_by("pk")[0]
    return f"user:{manager.user.public_id}"


def address(role: str, slug: str) -> str:
    return f"{role}@{slug}.example"


def staff_address() -> str:
    """Upstream's own support person of the demo, made when missing."""
    email = "staff@upstream.example"
    if not User.objects.filter(email=email).exists():
        User.objects.create_user(email, demo_password(), is_staff=True, is_superuser=True)
    return email


def demo_password() -> str:
    """The one password of the demo's people, drawn anew on each machine."""
    path = Path(settings.VAR_DIR) / "demo" / "login.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(json.dumps({"password": f"demo-{secrets.token_hex(8)}"}))
    password: str = json.loads(path.read_text())["password"]
    return password


def is_built() -> bool:
    """Whether the bound practice has its report: nothing is left to be done."""
    with transaction.atomic():
        return ReportRun.objects.filter(state=RunState.RENDERED).exists()


@dataclass(frozen=True)
class HandedIn:
    """What the bound practice has handed in: up to which week, and its newest files."""

    practice: Practice
    last_week: date
    recent: list[InventedFile]


def deliver_files(practice: Practice, last_week: date, time_zone: str, told: Callable[[str], None]) -> HandedIn:
    """Hand in every file of the bound practice, each known on the evening it came, and what payers have authorized."""
    recent = deque[InventedFile](maxlen=2 * WEEKS_READ)
    for number, file in enumerate(generate(practice, last_week), start=1):
        _hand_in(file, time_zone)
        recent.append(file)
        if number % 20 == 0:
            told(f"{practice.name}: {number} files handed in")
    known = last_week + timedelta(days=6)
    content = authorizations_csv(recent, known)
    if content:
        _hand_in(InventedFile(f"{practice.slug}-authorizations-{known}.csv", known, "csv", content), time_zone)
    return HandedIn(practice, last_week, list(recent))


def _hand_in(file: InventedFile, time_zone: str) -> None:
    known_at = datetime.combine(file.known_on, time(18), ZoneInfo(time_zone))
    ingestion.receive((file.content,), name=file.name, received_from=ACTOR, known_at=known_at)


def waiting() -> int:
    """Files of the bound practice that are not analysed yet."""
    with transaction.atomic():
        return Batch.objects.filter(state__in=[BatchState.LANDED, BatchState.LOADED]).count()


def analysed() -> bool:
    """Whether a detection run has seen every file of the bound practice, and all that follows from it is done."""
    with transaction.atomic():
        run = DetectionRun.objects.order_by("-pk").first()
        if run is None or run.signals.filter(state="open").exists() or waiting():
            return False
    return settled()


def settled() -> bool:
    """Whether no stage has anything left to take of the bound practice."""
    return not any(pipeline.ready(stage) for stage in pipeline.STAGES)


def request_report(handed_in: HandedIn) -> None:
    """Ask for the report of the newest week, and for letters; the office has a rule of who is told from then on."""
    with transaction.atomic():
        reports.request_run(kind=WEEKLY, as_of=handed_in.last_week + timedelta(days=6), actor=ACTOR)
    with transaction.atomic():
        ask_letters(_manager())
    name_rule()
    appoint_clinician()


def go_on(handed_in: HandedIn) -> None:
    """After the report some of what was denied is paid after all."""
    pay_some(handed_in.practice, handed_in.recent, ACTOR)


def name_rule() -> None:
    """The bound practice has a rule: managers at once, an owner if nobody takes it up within a day's work."""
    with transaction.atomic():
        if routing.all_rules().exists():
            return
        told = [TargetSaid("role", Role.MANAGER), TargetSaid("role", Role.OWNER, 8)]
        scope = {"metrics": [Metric.DENIAL_RATE]}
        ruling.save_rule(None, name="Denials", how="severity", scope=scope, targets=told, actor=ACTOR)


def appoint_clinician() -> None:
    """The demo's clinician is the provider of whom payers ask most."""
    with transaction.atomic():
        asked = Claim.objects.filter(denial_category__in=["DOC", "MEDNEC"]).exclude(rendering_npi="")
        busiest = asked.values_list("rendering_npi").annotate(n=Count("pk")).order_by("-n", "rendering_npi").first()
        clinician = Membership.objects.filter(role=Role.CLINICIAN).order_by("pk").first()
        if busiest and clinician:
            set_provider(clinician, npi=busiest[0])


def reported() -> bool:
    """Whether the report is rendered, all mails are out, and no stage has anything left to take."""
    with transaction.atomic():
        rendered = ReportRun.objects.filter(state=RunState.RENDERED).exists()
        out = Outbox.objects.exclude(state__in=[OutboxState.SENT, OutboxState.FAILED, OutboxState.UNKNOWN])
        if not rendered or out.exists():
            return False
    return settled()


def describe(practice: Practice) -> Built:
    """What was found, and the report's files in clear under var/demo: a demo practice holds no one's data."""
    with transaction.atomic():
        run = DetectionRun.objects.order_by("-as_of", "-pk").first()
        titles = [incident.title for incident in Incident.objects.filter(pk__in=open_incidents().values("pk"))]
        files = list(_files())
        mails = Outbox.objects.filter(state=OutboxState.SENT).count()
    return Built(practice.name, practice.slug, titles, run.series if run else 0, files, mails)


def _files() -> Iterator[Path]:
    run = ReportRun.objects.filter(state=RunState.RENDERED).order_by("-as_of").first()
    for artifact in run.artifacts.order_by("format") if run else ():
        path = Path(settings.VAR_DIR) / "demo" / artifact.name
        if not path.exists():  # each opening stands in the access log
            path.write_bytes(b"".join(open_artifact(artifact, actor=ACTOR)))
        yield path
