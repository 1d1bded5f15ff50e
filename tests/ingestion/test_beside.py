"""Reading beside storing: in a thread and in a process, with the same words."""

import os
import signal
import time

import pytest
from django.db import connection

from tests.factories import organization
from tests.ingestion.world import DENIED_835, PAID_835, csv_of, denied, load, paid, pending, x12
from upstream.core import tenancy
from upstream.core.errors import Unreadable
from upstream.ingestion import services
from upstream.ingestion.beside import Link, Question, items_of

both = pytest.mark.parametrize("apart", [False, True], ids=["thread", "process"])


def talk(work, apart: bool) -> list[object]:
    """What came over, where every question is answered with its double."""
    told: list[object] = []
    for item in items_of(work, apart=apart):
        if isinstance(item, Question):
            item.answer(item.wanted * 2)
        else:
            told.append(item)
    return told


@both
def test_items_come_in_order_and_questions_are_answered(apart):
    def work(link: Link) -> None:
        for number in range(3):
            link.hand((number, link.ask(number)))

    assert talk(work, apart) == [(0, 0), (1, 2), (2, 4)]


@both
def test_what_goes_wrong_on_the_reading_side_is_raised_with_its_place(apart):
    def work(link: Link) -> None:
        link.hand("one")
        raise Unreadable("segment_too_long", "a segment is too long", line=7, field="CLP")

    with pytest.raises(Unreadable) as caught:
        talk(work, apart)
    failed = caught.value
    assert (failed.code, failed.message, failed.line, failed.field, str(failed)) == (
        "segment_too_long", "a segment is too long", 7, "CLP", "a segment is too long"
    )  # fmt: skip


@both
def test_nobody_reads_on_when_nobody_waits(apart):
    def work(link: Link) -> None:
        while True:
            link.hand("more")

    items = items_of(work, apart=apart)
    assert next(items) == "more"
    began = time.monotonic()
    items.close()  # it is a generator
    assert time.monotonic() - began < 5


def test_a_reading_process_that_is_killed_is_an_error():
    def work(link: Link) -> None:
        link.hand(os.getpid())
        time.sleep(60)

    items = items_of(work, apart=True)
    os.kill(next(items), signal.SIGKILL)
    with pytest.raises(RuntimeError, match="ended without a word"):
        next(items)


def test_a_failure_that_cannot_be_told_to_another_process_is_an_error_all_the_same():
    def work(link: Link) -> None:
        raise ValueError(lambda: None)

    with pytest.raises(RuntimeError, match="could not tell"):
        list(items_of(work, apart=True))


STANDING = """
SELECT c.procedure_code, c.outcome, c.billed_cents, c.paid_cents, c.denial_carc, c.position, c.known_at::text,
    (SELECT count(*) FROM claims_adjudication a WHERE a.claim_id = c.id),
    (SELECT count(*) FROM claims_serviceline l WHERE l.claim_id = c.id)
FROM claims_claim c ORDER BY c.position, c.billed_cents
"""


@pytest.mark.django_db
def test_a_large_file_is_read_in_a_process_and_gives_the_same_claims(monkeypatch):
    files = [csv_of(pending("C1"), paid("C2"), denied("C3"), "bad,row"), x12(PAID_835, DENIED_835, amount="64")]
    known = []
    for limit in (services.LARGE_BYTES, 0):
        monkeypatch.setattr(services, "LARGE_BYTES", limit)
        with tenancy.bind(organization().pk), connection.cursor() as cursor:
            batches = [load(content, known_at=None) for content in files]
            cursor.execute(STANDING)
            counts = [(b.state, b.claims, b.rejected, b.adjudications, b.paid_cents, b.notices) for b in batches]
            known.append((counts, [row[:6] + row[7:] for row in cursor.fetchall()]))
    assert known[0] == known[1]
    assert [len(rows) for _, rows in known] == [3, 3]
