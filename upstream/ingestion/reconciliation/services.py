"""Verbs on the bank's deposits."""

from collections import Counter
from dataclasses import dataclass

from django.db import transaction

from upstream.core import clock
from upstream.core.errors import Unreadable
from upstream.ingestion.formats.encoding import decoded
from upstream.ingestion.reconciliation import deposits
from upstream.ingestion.reconciliation.models import Deposit
from upstream.ingestion.reconciliation.rules import number_key


@dataclass(frozen=True)
class Imported:
    """What came of a list: new deposits, those that were there, rows without a deposit, and unreadable ones."""

    new: int
    known: int
    passed_over: int
    bad: list[tuple[int, str]]


def import_deposits(content: bytes, *, actor: str) -> Imported:
    """Keep every deposit of a bank's list once, however often it is sent; equal ones of one list are told apart.

    Unreadable for what is no such list; rows that cannot be read are named and left out, the others are kept.
    """
    if len(content) > deposits.MOST_BYTES:
        raise Unreadable("too_large", "this list of deposits is larger than any real one")
    listed = deposits.read(decoded(content))
    seen: Counter[tuple[object, ...]] = Counter()
    rows, now = [], clock.now()
    for row in listed.rows:
        place = (row.day, number_key(row.number), row.cents)
        seen[place] += 1
        rows.append(
            Deposit(
                day=row.day, cents=row.cents, number=row.number, number_key=place[1], ordinal=seen[place],
                received_at=now, received_from=actor,
            )
        )  # fmt: skip
    with transaction.atomic():
        before = Deposit.objects.count()
        Deposit.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)
        new = Deposit.objects.count() - before
    return Imported(new, len(rows) - new, listed.passed_over, listed.bad)
