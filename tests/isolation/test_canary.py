"""Invented people go through every entry while everything that can fail fails; afterwards nobody is found anywhere."""

import io
import json
import logging
import os
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pypdf
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction
from django.test import Client

from tests import factories
from tests.factories import findings
from tests.isolation.searching import dump_of, files_of, leaks, redis_of, unzipped
from upstream.alerts.models import Incident
from upstream.appeals import batches, documents, packets
from upstream.appeals import services as letters
from upstream.appeals.drafting import draft
from upstream.appeals.models import Letter, Packet
from upstream.appeals.rules import Sent
from upstream.appeals.templates import put_in
from upstream.claims.models import Claim, Patient
from upstream.core import storage, tenancy
from upstream.dev.names import with_database
from upstream.explore.facts.reading import opened
from upstream.explore.services import save_report
from upstream.ingestion.models import Batch, Rejection
from upstream.operations.canaries import CANARIES, files, plant
from upstream.pipeline import run_to_end
from upstream.reports.kinds import KINDS
from upstream.reports.models import Artifact
from upstream.reports.services import request_run
from upstream.tenants.models import Organization
from upstream.tenants.services import create_api_client, tenant_keys
from upstream.worklist import services as acts
from upstream.worklist.models import Item

PERSON = "{last_name} {first_name} {birth_date} {member_id} {account}".format(**CANARIES)
# What a colleague writes at an incident is sealed, and shown to those who may open the incident.
AS_TYPED = {("note", "page incidents"), ("note", "page worklist")}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def practice(settings) -> Organization:
    """A practice with real data on, an owner who gets mail, and mail written as files."""
    settings.REAL_DATA_MODE = True
    settings.FIXED_NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)
    settings.EMAIL_BACKEND = "upstream.delivery.backends.EmlFileBackend"
    settings.ROOT_URLCONF = "tests.isolation.faulty_urls"
    organization = factories.organization("hillside", "Hillside")
    with tenancy.bind(organization.pk), transaction.atomic():
        factories.member("owner", email="dana@hillside.example")
    return organization


def work(practice: Organization) -> None:
    """From files to mail: two incidents' worth of claims, a note, a report."""
    with tenancy.bind(practice.pk):
        plant()
        with transaction.atomic():
            incident = findings.incident(Claim.objects.first().payer, findings.run())
            findings.behind(incident, *Claim.objects.all()[:20])
        plant()
        run_to_end()
        with transaction.atomic():
            worked = Item.objects.earliest("pk")
            acts.write_note(worked, text=CANARIES["note"], actor="command:plant_canaries")
        with transaction.atomic():
            ask_for_reports()
        run_to_end()


def ask_for_reports() -> None:
    """One report of every kind, mailed."""
    incident, by = Incident.objects.first(), "user:00000000-0000-0000-0000-000000000001"
    asked = {"measures": ["claims", "refused"], "by": ["payer", "site", "provider"], "weeks": 260}
    own = save_report(name="Claims by place", definition=asked, shared=True, actor=by)
    about = {"incident": incident.public_id, "payer": incident.payer.public_id, "own": own.public_id}
    for code, kind in KINDS.items():
        request_run(kind=code, as_of=date(2026, 3, 1), actor=by, about=str(about.get(kind.period, "")))


def write_letters(practice: Organization) -> None:
    """A letter whose words name a person, sent with a number that does; a template, a batch, a packet."""
    by = "user:00000000-0000-0000-0000-000000000001"
    with tenancy.bind(practice.pk):
        with transaction.atomic():
            incident, claim = Incident.objects.first(), Claim.objects.exclude(denial_carc="").first()
            put_in(subject="AUTH", words=f"Of {PERSON}.", actor=by)
            letter, _ = draft(claim, actor=by, subject="AUTH")
            letters.edit(letter, text=PERSON, version=1, actor=by)
            letters.move(letter, to_state="ready", version=2, actor=by, note=PERSON)
            sent = Sent("mail", date(2026, 3, 2), CANARIES["account"])
            letters.move(letter, to_state="sent", version=3, actor=by, sent=sent)
            batch = batches.start(actor=by, incident=incident, subject="AUTH")
            packets.ask(incident, actor=by, statement=PERSON, clause=PERSON, clause_source=CANARIES["last_name"])
        run_to_end()
        with transaction.atomic():
            batch.refresh_from_db()
            batches.ask_files(batch)
        run_to_end()
        with transaction.atomic():
            kept = Letter.objects.get(pk=letter.pk)
            assert CANARIES["last_name"] in " ".join(documents.paragraphs_of(kept))
            assert (kept.pdf_sha256 != "", Packet.objects.get().state, batch.letters != []) == (True, "done", True)


def fail_everywhere(practice: Organization) -> None:
    """Requests and statements that fail with people in their bodies, queries, headers and parameters."""
    with tenancy.bind(practice.pk), transaction.atomic():
        member = factories.member("owner")
        client, secret = create_api_client(name="script", scopes=["read", "read_phi", "upload", "work"])
    browser = Client(raise_request_exception=False)
    browser.force_login(member.user)
    assert browser.post("/faulty/", {"value": PERSON}).status_code == 500
    browser.get("/portal/incidents/", {"q": PERSON, "state": PERSON}, headers={"Referer": PERSON})
    name, content = next(files())
    browser.post("/portal/data/upload/", {"file": _named(name, content + b"again")})
    browser.post("/portal/sign-in/", {"username": "nobody@example.test", "password": PERSON})
    script = Client(raise_request_exception=False)
    body = {"client_id": client.client_id, "client_secret": secret}
    token = json.loads(script.post("/api/v1/auth/token/", body, content_type="application/json").content)[
        "access_token"
    ]
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "canary"}
    script.post("/api/v1/uploads/", {"file": _named(name, content + b"more")}, headers=headers)
    script.post("/api/v1/uploads/", PERSON, content_type="text/csv", headers=headers)
    script.post("/api/v1/uploads/", {"file": PERSON, "known_at": PERSON}, headers=headers | {"Idempotency-Key": PERSON})
    row = {"claim_id": CANARIES["claim_number"], "patient_last_name": CANARIES["last_name"], "payer": "Summit Mutual"}
    for rows in ([row], [{**row, "billed": {PERSON: PERSON}}]):
        rows_headers = headers | {"Idempotency-Key": "rows"}
        script.post("/api/v1/claims/batch/", rows, content_type="application/json", headers=rows_headers)
    script.get("/api/v1/claims/", {"payer": PERSON, "fields": "identity"}, headers=headers)
    with tenancy.bind(practice.pk), transaction.atomic():
        claim = str(Claim.objects.first().public_id)
        row = str(Rejection.objects.first().public_id)
    browser.post(f"/portal/claims/{claim}/number/")
    browser.post(f"/portal/claims/{claim}/source/")
    browser.post(f"/portal/data/rows/{row}/open/")
    browser.post(f"/portal/data/rows/{row}/fix/", {"text": PERSON})
    script.post(f"/api/v1/rejections/{row}/fix/", {"text": PERSON}, content_type="application/json", headers=headers)
    script.get(f"/api/v1/rejections/{row}/", {"fields": "text"}, headers=headers)
    script.get(f"/api/v1/claims/{claim}/", {"fields": "identity"}, headers=headers)
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT %s::date", [PERSON])
    logging.getLogger("upstream.test").error("it failed", exc_info=caught.value)


def pull(practice: Organization, folder: Path) -> None:
    """A file whose name names a person comes from a watched folder, and another that goes while it is fetched."""
    inbox = folder / practice.slug / "inbox"
    inbox.mkdir(parents=True)
    name, content = next(files())
    (inbox / name).write_bytes(content + b"pulled")
    (inbox / f"no {name}").mkdir()
    with tenancy.bind(practice.pk):
        with transaction.atomic():
            factories.add_source(
                kind="folder", name="In", schedule_words="hourly", values={"folder": "inbox", "complete": "rename"}
            )
        run_to_end()


def _named(name: str, content: bytes) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


def opened_reports() -> dict[str, bytes]:
    """The files of every kind of report as their readers see them."""
    keys = tenant_keys()
    found = {}
    for artifact in Artifact.objects.select_related("run"):
        content = storage.read_whole("reports", artifact.sha256, keys)
        if artifact.format == "pdf":
            pages = pypdf.PdfReader(io.BytesIO(content)).pages
            content = "\n".join(page.extract_text() for page in pages).encode()
        else:
            content = unzipped(content)
        found[f"{artifact.run.kind} {artifact.format}"] = content
    return found


def opened_facts() -> dict[str, bytes]:
    """The rows that own reports and questions in SQL are answered from."""
    with opened() as tables, duckdb.connect(":memory:") as engine:
        parts = [f"/proc/self/fd/{descriptor}" for descriptor in tables["claims"].files]
        rows = engine.execute("SELECT * FROM read_parquet(?)", [parts]).fetchall()
    assert len(rows) > 10
    return {"facts": repr(rows).encode()}


def pages_of_a_clinician(practice: Organization) -> dict[str, bytes]:
    """What a member without the right to see people is shown, wherever people are near."""
    with tenancy.bind(practice.pk), transaction.atomic():
        member = factories.member("clinician")
        claims = [f"claims/{row}/" for row in Claim.objects.values_list("public_id", flat=True)[:2]]
        claims += [f"letters/{row}/" for row in Letter.objects.values_list("public_id", flat=True)[:2]]
        batches = [f"data/{row}/" for row in Batch.objects.values_list("public_id", flat=True)]
        items = [f"worklist/{row}/" for row in Item.objects.values_list("public_id", flat=True)[:2]]
        incidents = [f"incidents/{row}/" for row in Incident.objects.values_list("public_id", flat=True)]
    browser = Client()
    browser.force_login(member.user)
    paths = ["", "incidents/", "data/", "reports/", "settings/", "worklist/", "letters/", *claims, *batches]
    paths += [*incidents, *items]
    pages = {path: browser.get(f"/portal/{path}") for path in paths}
    assert {page.status_code for page in pages.values()} == {200}
    found: dict[str, bytes] = {}
    for path, page in pages.items():
        area = f"page {path.split('/')[0]}"
        found[area] = found.get(area, b"") + page.content
    return found


def exports(folder: Path, incident: str) -> dict[str, bytes]:
    """What a practice takes away without asking for people."""
    for name in ("export_claims", "export_incidents"):
        call_command(name, "--tenant", "hillside", "--output", str(folder / f"{name}.csv"))
        call_command(name, "--tenant", "hillside", "--output", str(folder / f"{name}.xlsx"), "--format", "xlsx")
    call_command("export_audit", "--tenant", "hillside", "--output", str(folder / "audit.zip"))
    call_command("bundle", incident, "--tenant", "hillside", "--output", str(folder / "bundle.zip"))
    return {path.name: unzipped(path.read_bytes()) for path in folder.iterdir() if path.suffix in {".xlsx", ".zip"}}


def test_nobody_is_found_outside_of_what_is_sealed(practice, log, own_var, settings, capfd, monkeypatch, tmp_path):
    (own_var / "tmp").mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(own_var / "tmp"))
    work(practice)
    write_letters(practice)
    fail_everywhere(practice)
    settings.WATCHED_FOLDERS = [str(tmp_path / "watched")]
    pull(practice, tmp_path / "watched")
    with tenancy.bind(practice.pk), transaction.atomic():
        kept = (Claim.objects.count(), Batch.objects.count(), Rejection.objects.exists())
        reports = opened_reports()
        facts = opened_facts()
        incident = str(Incident.objects.order_by("pk").values_list("public_id", flat=True)[0])
        people = [patient.opened(tenant_keys()) for patient in Patient.objects.all()]
    assert CANARIES["last_name"] in {person["last_name"] for person in people}
    assert kept == (24, 14, True)
    assert set(reports) == {f"{code} {name}" for code, kind in KINDS.items() for name in kind.formats}
    printed = capfd.readouterr()
    url = with_database(os.environ["DATABASE_UNWALLED_URL"], settings.DATABASES["default"]["NAME"])
    places = {
        "log": log.getvalue().encode(),
        "standard output": (printed.out + printed.err).encode(),
        **reports,
        **facts,
        **pages_of_a_clinician(practice),
        **exports(own_var / "tmp", incident),
        **dump_of(url),
        **redis_of(settings.REDIS_URL),
        **files_of(own_var),
    }
    assert "api_fault" in log.getvalue() or "faulty" in log.getvalue()
    assert any(place.startswith("mail ") for place in places)
    assert leaks(CANARIES, places) == AS_TYPED


def test_a_search_finds_every_disguise():
    hidden = "Quorvathian".encode("utf-16-le").hex()
    places = {
        "plain": b"xxQuorvathianxx",
        "hex": hidden.encode(),
        "base64": b"TXI6IFF1b3J2YXRoaWFuIQ==",
        "clean": b"nobody",
    }
    assert {place for _, place in leaks({"name": "Quorvathian"}, places)} == {"plain", "hex", "base64"}


def test_canaries_are_not_planted_among_real_people(practice):
    with pytest.raises(CommandError, match="REAL_DATA_MODE refuses"):
        call_command("plant_canaries", "--tenant", "hillside")
    with tenancy.bind(practice.pk), transaction.atomic():
        assert not Batch.objects.exists()


def test_the_command_plants_and_names_what_to_search_for(practice, settings):
    settings.REAL_DATA_MODE = False
    out = io.StringIO()
    call_command("plant_canaries", "--tenant", "hillside", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["files"], told["canaries"]) == (9, CANARIES)
