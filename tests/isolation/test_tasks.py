"""A task works for the tenant that its message names and for no other; messages carry ids alone."""

import base64
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from celery import current_app
from django.conf import settings as django_settings
from django.db import transaction

from tests import factories
from tests.faults.commands import ROOT, environment
from tests.isolation.searching import leaks, redis_of
from upstream.celery import dispatch, take
from upstream.claims.models import Claim, Payer
from upstream.core import tenancy
from upstream.core.tenancy import NoTenant
from upstream.ingestion import services
from upstream.ingestion.choices import BatchState
from upstream.ingestion.models import Batch
from upstream.operations.canaries import CANARIES, files
from upstream.tenants.models import Organization

FILES, SLUGS = 4, ("alpha", "beta")
HEADER = (
    "claim_id,payer,procedure_code,diagnosis,location,submitted_date,decided_date,status,denial_reason,"
    "billed,allowed,paid"
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("task", [dispatch.s(), take.s("ingestion", 1)], ids=["dispatch", "take"])
@pytest.mark.parametrize("headers", [{}, {"tenant": None}, {"tenant": "1"}], ids=["none", "empty", "text"])
def test_a_task_without_its_tenant_is_refused(task, headers):
    with pytest.raises(NoTenant, match="without its tenant"):
        task.apply(headers=headers, throw=True)


def test_a_task_leaves_no_tenant_behind():
    organization = factories.organization()
    dispatch.apply(headers={"tenant": organization.pk}, throw=True)
    assert tenancy.current() is None


@pytest.fixture
def broker() -> Iterator[str]:
    """The URL of a database of Redis that is this test process's own, empty before and after."""
    number = 11 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 5
    url = f"{django_settings.REDIS_URL.rpartition('/')[0]}/{number}"
    with redis.Redis.from_url(url) as server:
        server.flushdb()
        yield url
        server.flushdb()


def tell(broker: str, name: str, *arguments: object, queue: str = "default", **headers: object) -> None:
    """Send one task through the real broker."""
    with current_app.connection_for_write(url=broker) as connection:
        current_app.send_task(name, args=arguments, headers=headers, queue=queue, connection=connection, argsrepr="")


def messages_of(broker: str) -> list[dict]:
    with redis.Redis.from_url(broker) as server:
        raw = [message for queue in ("default", "ingest") for message in server.lrange(queue, 0, -1)]
    return [json.loads(message) for message in raw]


@pytest.fixture
def worker(broker, own_var, tmp_path) -> Iterator[Path]:
    """One worker with one process on that broker; gives its log."""
    log = tmp_path / "worker.log"
    command = [sys.executable, "-m", "celery", "-A", "upstream", "worker", "--concurrency", "1", "--without-gossip",
               "--without-mingle", "--loglevel", "INFO"]  # fmt: skip
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment(REDIS_URL=broker), stdout=out, stderr=out)
        yield log
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()


def land(slug: str) -> Organization:
    """A practice with several files waiting, each claim and payer named after it."""
    organization = factories.organization(slug)
    with tenancy.bind(organization.pk):
        for number in range(FILES):
            rows = [f"{slug}-{number}-{n},{slug} payer,99213,M54.5,,2026-02-0{n},,pending,,100,," for n in range(1, 6)]
            content = "\n".join([HEADER, *rows, ""]).encode()
            services.receive([content], name=f"{slug}-{number}.csv", received_from="test")
    return organization


def waiting(organization: Organization) -> int:
    with tenancy.bind(organization.pk), transaction.atomic():
        return Batch.objects.filter(state=BatchState.LANDED).count()


def wait_for(practices: list[Organization], log: Path) -> None:
    end = time.monotonic() + 90
    while any(waiting(practice) for practice in practices):
        assert time.monotonic() < end, log.read_text()[-3000:]
        time.sleep(0.3)


def land_canaries() -> Organization:
    organization = factories.organization("canaries")
    with tenancy.bind(organization.pk):
        for name, content in files():
            services.receive([content], name=name, received_from="test")
    return organization


def test_two_tenants_that_take_turns_on_one_worker_do_not_mix(broker, worker):
    practices, third = [land(slug) for slug in SLUGS], land_canaries()
    tell(broker, "upstream.take", "ingestion", 1, queue="ingest")
    for _ in range(FILES):
        for practice in (*practices, third):
            tell(broker, "upstream.dispatch", tenant=practice.pk)
    wait_for([*practices, third], worker)
    for practice in practices:
        with tenancy.bind(practice.pk), transaction.atomic():
            assert list(Payer.objects.values_list("name", flat=True)) == [f"{practice.slug} payer"]
            assert Claim.objects.count() == FILES * 5
            assert set(Claim.objects.values_list("tenant_id", flat=True)) == {practice.pk}
    assert "NoTenant" in worker.read_text()
    assert leaks(CANARIES, {"worker's log": worker.read_bytes(), **redis_of(broker)}) == set()


def test_messages_carry_a_tenant_and_ids_alone(broker):
    organization = factories.organization("alpha")
    name, content = next(files())
    with tenancy.bind(organization.pk):
        batch, _ = services.receive([content], name=name, received_from="test")
    tell(broker, "upstream.dispatch", tenant=organization.pk)
    tell(broker, "upstream.take", "ingestion", batch.pk, queue="ingest", tenant=organization.pk)
    bodies = [json.loads(base64.b64decode(message["body"]))[:2] for message in messages_of(broker)]
    assert bodies == [[[], {}], [["ingestion", batch.pk], {}]]
    assert {message["headers"]["tenant"] for message in messages_of(broker)} == {organization.pk}
    assert leaks(CANARIES, redis_of(broker)) == set()
