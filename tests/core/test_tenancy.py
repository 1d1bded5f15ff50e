"""The scope of a transaction that fails, and of a query that runs later than it was made."""

from collections.abc import Callable
from contextlib import closing

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import Sum

from tests.factories import organization, payer
from upstream.claims.models import Claim, Payer
from upstream.core import tenancy
from upstream.core.tenancy import NoTenant

pytestmark = pytest.mark.django_db(transaction=True)
LATER: dict[str, Callable] = {
    "list": list,
    "iterator": lambda rows: list(rows.iterator()),
    "first": lambda rows: rows.first(),
    "values": lambda rows: list(rows.values("pk")),
    "count": lambda rows: rows.count(),
    "exists": lambda rows: rows.exists(),
    "aggregate": lambda rows: rows.aggregate(n=Sum("pk")),
    "update": lambda rows: rows.update(name="x"),
    "delete": lambda rows: rows.delete(),
}


def one_row() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone()[0]


def test_the_error_that_failed_a_transaction_is_the_one_that_is_told():
    with (
        pytest.raises(DatabaseError, match="division by zero"),
        transaction.atomic(),
        tenancy.bind(7),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT 1 / 0")
    assert (one_row(), tenancy.current()) == (1, None)


def test_a_transaction_that_could_not_be_told_its_tenant_never_was():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    with closing(connection.copy()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    with tenancy.bind(7):
        with pytest.raises(OperationalError), transaction.atomic():
            raise AssertionError("never reached")
        assert one_row() == 1
        assert connection.get_autocommit()


@pytest.fixture
def alpha() -> int:
    """A practice with one payer."""
    made = organization("alpha")
    with tenancy.bind(made.pk), transaction.atomic():
        payer("Summit Mutual")
    return made.pk


@pytest.mark.parametrize("act", LATER.values(), ids=LATER)
def test_a_query_is_refused_when_its_transaction_is_over(alpha, act):
    with tenancy.bind(alpha):
        with transaction.atomic():
            rows = Payer.objects.order_by("pk")
        with pytest.raises(NoTenant, match="inside a transaction"):
            act(rows)
        with transaction.atomic():
            act(rows)


@pytest.mark.parametrize("act", LATER.values(), ids=LATER)
def test_a_query_is_refused_when_its_tenant_is_no_longer_bound(alpha, act):
    with transaction.atomic():
        with tenancy.bind(alpha):
            rows = Payer.objects.order_by("pk")
        with pytest.raises(NoTenant, match="no tenant is bound"):
            act(rows)
        with tenancy.bind(organization("beta").pk), pytest.raises(NoTenant, match="made for another tenant"):
            act(rows)


def test_rows_that_were_read_stay_readable(alpha):
    with tenancy.bind(alpha), transaction.atomic():
        rows = Payer.objects.all()
        assert len(rows) == 1
    assert ([row.name for row in rows], rows.count(), rows.exists()) == (["Summit Mutual"], 1, True)


def test_a_manager_deletes_nothing():
    assert not hasattr(Claim.objects, "delete")
