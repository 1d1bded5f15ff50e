"""The access log: whole under many writers, and every way of falsifying it shows."""

import os
import threading
from collections.abc import Callable

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction

from tests import factories
from upstream.audit.services import ChainState, record_access, verify_chain
from upstream.core import tenancy
from upstream.dev.names import with_database
from upstream.tenants.models import Organization

WRITERS, EACH = 8, 12


def look(times: int = 1) -> None:
    """So many entries in the bound practice's log."""
    for _ in range(times):
        with transaction.atomic():
            record_access(actor="user:1", action="open_claim", subject="claim:1", purpose="work")


def state(**anchor: object) -> ChainState:
    with transaction.atomic():
        return verify_chain(**anchor)


@pytest.fixture
def practice(transactional_db) -> Organization:
    organization = factories.organization("hillside")
    with tenancy.bind(organization.pk):
        look(20)
    return organization


@pytest.fixture
def falsify(practice) -> Callable[[str], None]:
    """Runs a statement as somebody who has the owner's password and switches the triggers off."""

    def _falsify(statement: str) -> None:
        url = with_database(os.environ["DATABASE_OWNER_URL"], settings.DATABASES["default"]["NAME"])
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute("SELECT set_config('app.tenant_id', %s, false)", [str(practice.pk)])
            owner.execute("ALTER TABLE audit_phiaccess DISABLE TRIGGER USER")
            owner.execute(statement)
            owner.execute("ALTER TABLE audit_phiaccess ENABLE TRIGGER USER")

    return _falsify


def write_from_a_thread(tenant_id: int) -> None:
    try:
        with tenancy.bind(tenant_id):
            look(EACH)
    finally:
        connections.close_all()


def test_eight_writers_at_once_leave_one_whole_chain(practice):
    writers = [threading.Thread(target=write_from_a_thread, args=[practice.pk]) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with tenancy.bind(practice.pk):
        found = state()
    assert (found.entries, found.broken_at) == (20 + WRITERS * EACH, 0)


@pytest.mark.parametrize(
    ("statement", "broken_at", "why"),
    [
        ("UPDATE audit_phiaccess SET actor = 'user:2' WHERE number = 7", 7, "an entry was changed"),
        ("UPDATE audit_phiaccess SET at = at - interval '1 day' WHERE number = 7", 7, "an entry was changed"),
        ("DELETE FROM audit_phiaccess WHERE number = 7", 7, "an entry is missing or out of order"),
        ("DELETE FROM audit_phiaccess WHERE number < 7", 1, "an entry is missing or out of order"),
        ("DELETE FROM audit_phiaccess WHERE number > 10", 11, "the newest entries are gone since its anchor"),
        (
            "UPDATE audit_phiaccess SET number = 100 WHERE number = 7;"
            "UPDATE audit_phiaccess SET number = 7 WHERE number = 8;"
            "UPDATE audit_phiaccess SET number = 8 WHERE number = 100",
            7,
            "an entry was changed",
        ),
    ],
    ids=["field", "time", "middle", "head", "tail", "order"],
)
def test_every_falsification_is_reported(practice, falsify, statement, broken_at, why):
    with tenancy.bind(practice.pk):
        anchor = state()
        falsify(statement)
        found = state(expected_entries=anchor.entries, expected_head=anchor.head)
    assert (found.broken_at, found.why) == (broken_at, why)


def test_a_chain_that_was_written_anew_differs_from_its_anchor(practice, falsify):
    with tenancy.bind(practice.pk):
        anchor = state()
        falsify("DELETE FROM audit_phiaccess")
        look(20)
        assert state().broken_at == 0
        found = state(expected_entries=anchor.entries, expected_head=anchor.head)
    assert (found.broken_at, found.why) == (20, "the chain was rewritten since its anchor")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "answer"),
    [
        ("UPDATE audit_phiaccess SET actor = ''", "permission denied"),
        ("TRUNCATE audit_phiaccess", "permission denied"),
        ("DELETE FROM audit_phiaccess", "only added to"),
    ],
)
def test_the_application_cannot_change_the_log(statement, answer):
    with tenancy.bind(factories.organization().pk):
        look()
        with pytest.raises(DatabaseError, match=answer), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
