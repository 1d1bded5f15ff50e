"""Faults 1 to 3: the process is killed with SIGKILL at each named point and at random; a new one takes over."""

import email
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction

from tests import factories
from tests.faults.commands import wait_until_gone
from tests.faults.smtp_sink import Sink, sink
from upstream.core import tenancy
from upstream.delivery.choices import OutboxState
from upstream.delivery.models import Outbox
from upstream.delivery.services import queue_mail
from upstream.dev.names import with_database
from upstream.pipeline import run_to_end
from upstream.reports.choices import RunState
from upstream.reports.models import Artifact, ReportRun
from upstream.reports.services import request_run
from upstream.tenants.models import Organization

ROOT = Path(__file__).resolve().parents[2]
KILLED = -signal.SIGKILL
MAILS, KILLS = 30, 3
Start = Callable[..., subprocess.Popen]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def start(settings) -> Start:
    """Starts `work --once` as a process of its own on the test's database and folder."""

    def _start(crash_at: str = "", mail_port: int = 0) -> subprocess.Popen:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "upstream.settings.dev",
            "DATABASE_URL": with_database(os.environ["DATABASE_URL"], settings.DATABASES["default"]["NAME"]),
            "STORAGE_URL": f"file://{settings.VAR_DIR}",
            "UPSTREAM_CRASH_AT": crash_at,
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}" if mail_port else "",
        }
        return subprocess.Popen(
            [sys.executable, "manage.py", "work", "--once"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    return _start


def ended(process: subprocess.Popen) -> int:
    """The exit code, once the process has ended; what it said is shown when it failed by itself."""
    out, err = process.communicate(timeout=120)
    assert process.returncode in {0, KILLED}, (out + err).decode()[-2000:]
    return process.returncode


@pytest.fixture
def practice(transactional_db) -> Organization:
    organization = factories.organization("hillside", "Hillside")
    with tenancy.bind(organization.pk), transaction.atomic():
        factories.member(email="dana@hillside.example")
        request_run(kind="weekly", as_of=date(2026, 3, 1), actor="user:1")
    return organization


def message_id(mail: bytes) -> str:
    return str(email.message_from_bytes(mail)["Message-ID"])


def counts(practice: Organization, var: Path) -> dict[str, object]:
    """All that a report leaves behind: its state, rows, stored files, mails."""
    with tenancy.bind(practice.pk), transaction.atomic():
        names = dict(Outbox.objects.values_list("message_id", "template"))
        return {
            "run": ReportRun.objects.get().state,
            "artifacts": Artifact.objects.count(),
            "files": sum(path.is_file() for path in (var / "reports").rglob("*") if not path.name.startswith(".")),
            "mail": sorted(Outbox.objects.values_list("template", "state")),
            "arrived": sorted(names[message_id(path.read_bytes())] for path in (var / "mail").glob("*.eml")),
        }


REPORT, NOTICE = "report_ready", "notice"
DONE = {
    "run": RunState.RENDERED, "artifacts": 2, "files": 2,
    "mail": [(REPORT, OutboxState.SENT)], "arrived": [REPORT],
}  # fmt: skip
# That a mail may be lost is itself told, once.
UNKNOWN = {
    **DONE,
    "mail": [(NOTICE, OutboxState.SENT), (REPORT, OutboxState.UNKNOWN)], "arrived": [NOTICE, REPORT],
}  # fmt: skip


@pytest.mark.parametrize(
    ("point", "left"),
    [
        ("after_claim:1", DONE),
        ("after_render", DONE),
        ("after_artifact_write", DONE),
        ("after_claim:2", DONE),
        ("before_smtp", {**UNKNOWN, "arrived": [NOTICE]}),
        ("after_smtp_250", UNKNOWN),
    ],
)
def test_a_kill_at_a_named_point_doubles_and_loses_nothing(practice, start, settings, point, left):
    assert ended(start(crash_at=point)) == KILLED
    settings.EMAIL_BACKEND = "upstream.delivery.backends.EmlFileBackend"
    wait_until_gone()
    with tenancy.bind(practice.pk):
        assert run_to_end() > 0
        assert counts(practice, settings.VAR_DIR) == left
        assert run_to_end() == 0
        assert counts(practice, settings.VAR_DIR) == left


def test_two_workers_at_once_make_one_report_and_one_mail(practice, start, settings):
    workers = [start(), start()]
    assert [ended(worker) for worker in workers] == [0, 0]
    assert counts(practice, settings.VAR_DIR) == DONE


def arrivals(server: Sink) -> Counter[str]:
    """How often each mail arrived, by its Message-ID."""
    return Counter(message_id(text) for text in server.accepted)


def test_kills_at_random_never_send_a_mail_twice_and_park_what_is_unknown(practice, start):
    chance = random.Random(20260301)
    with tenancy.bind(practice.pk), transaction.atomic():
        member = factories.member(email="lee@hillside.example")
        for number in range(MAILS):
            context = {"severity": "High", "claims": number, "money": "$1", "link": "http://127.0.0.1/"}
            queue_mail("incident_opened", about=f"incident:{number}", recipient=member, context=context)
    with sink() as server:
        for _ in range(KILLS):
            worker = start(mail_port=server.port)
            before = len(server.received)
            while worker.poll() is None and len(server.received) == before:
                time.sleep(0.005)
            time.sleep(chance.uniform(0, 0.08))
            worker.kill()
            ended(worker)
            wait_until_gone()
        assert ended(start(mail_port=server.port)) == 0
    arrived = arrivals(server)
    with tenancy.bind(practice.pk), transaction.atomic():
        states = dict(Outbox.objects.exclude(template=NOTICE).values_list("message_id", "state"))
        notices = list(Outbox.objects.filter(template=NOTICE).values_list("state", flat=True))
    unknown = list(states.values()).count(OutboxState.UNKNOWN)
    assert len(states) == MAILS + 2
    assert notices == [OutboxState.SENT] * (2 if unknown else 0)
    assert set(states.values()) <= {OutboxState.SENT, OutboxState.UNKNOWN}
    assert max(arrived.values()) == 1
    assert {name for name, state in states.items() if state == OutboxState.SENT} <= set(arrived)
    assert unknown <= KILLS
