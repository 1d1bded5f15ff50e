"""What payers did beside first decisions, as read from tables and as known at a week."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from tests.alerts import remits
from tests.factories.worlds import LAST_SUNDAY, World
from upstream.claims import families
from upstream.claims.models import Adjudication, Claim, ClaimReplacement
from upstream.detection import event_queries, services
from upstream.detection.events import Events

MONDAY = LAST_SUNDAY - timedelta(days=6)
NOW = np.datetime64(MONDAY, "D")
EARLIER = NOW - np.timedelta64(28, "D")


def events(world: World) -> Events:
    return event_queries.events(time_zone=world.organization.time_zone)


def test_the_payers_answers_as_they_came(quiet: World, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    remits.billed(["A", "B"], "99213", 185, MONDAY - timedelta(days=42))
    remits.remitted(
        [remits.paid_loop("A", "99213", 185, 60, instead="99212"), remits.paid_loop("B", "99213", 185, 98)],
        MONDAY - timedelta(days=28), paid=158,
    )  # fmt: skip
    remits.remitted(
        [remits.reversed_loop("B", "99213", 185, 98)], MONDAY, paid=0,
        plb="PLB*1234567893*20261231*WO:ICNA*60*FB:CARRIED*-500*72:OTHER*20",
    )  # fmt: skip
    with django_assert_num_queries(4):
        found = events(quiet)
    lines, answers, adjusted = found.lines, found.answers, found.adjusted
    assert list(zip(lines.billed, lines.answered, lines.charged, lines.allowed, strict=True)) == [
        ("99213", "99212", 18_500, 6_000),
    ]  # fmt: skip
    assert lines.known_week.tolist() == [MONDAY - timedelta(days=28)]
    assert answers.reversal.tolist() == [False, True]
    assert answers.paid.tolist() == [9_800, -9_800]
    assert sorted(adjusted.cents.tolist()) == [2_000, 6_000]
    assert set(adjusted.claim.tolist()) == {0, int(lines.claim[0])}
    taken = found.taken(NOW)
    assert sorted(taken.cents.tolist()) == [2_000, 6_000, 9_800]


def test_later_answers_change_no_earlier_view(quiet: World) -> None:
    remits.billed(["A", "B"], "99213", 185, MONDAY - timedelta(days=56))
    remits.remitted(
        [remits.paid_loop(n, "99213", 185, 60, instead="99212") for n in "AB"], MONDAY - timedelta(days=42), paid=120
    )
    before = services.load_world(quiet.organization).at(EARLIER)
    assert before.events.lines.claim.size == 2
    remits.remitted(
        [remits.reversed_loop("A", "99213", 185, 60)], MONDAY, paid=0, plb="PLB*1234567893*20261231*WO:ICNB*60"
    )
    after = services.load_world(quiet.organization)
    assert after.at(EARLIER).fingerprint() == before.fingerprint()
    assert after.at(NOW).events.answers.claim.size == 2
    assert after.at(NOW).events.taken(NOW).cents.tolist() == [6_000, 6_000]


def test_ids_and_the_order_of_rows_change_nothing(quiet: World) -> None:
    remits.billed(["A", "B"], "99213", 185, MONDAY - timedelta(days=28))
    loops = [remits.paid_loop(n, "99213", 185, 60, instead="99212") for n in "AB"]
    remits.remitted(loops, MONDAY - timedelta(days=14), paid=120)
    remits.remitted([remits.reversed_loop("B", "99213", 185, 60)], MONDAY, paid=0)
    view = services.load_world(quiet.organization).at(NOW)
    before = list(view.events.content(view.claims))
    lines, answers = view.events.lines.only(np.array([1, 0])), view.events.answers
    renamed = Events(
        replace(lines, claim=lines.claim + 1000),
        replace(answers, claim=answers.claim + 1000),
        view.events.adjusted,
        view.events.statuses,
    )
    claims = replace(view.claims, claim=view.claims.claim + 1000)
    assert list(renamed.content(claims)) == before
    assert list(renamed.content(view.claims)) != before


def test_a_payers_number_of_a_claim_is_found_by_its_index_among_many(quiet: World) -> None:
    remits.billed(["A"], "99213", 185, MONDAY - timedelta(days=42))
    remits.remitted([remits.paid_loop("A", "99213", 185, 98)], MONDAY - timedelta(days=28), paid=98)
    numbered(20_000)
    statements = {
        event_queries.ADJUSTED.format(known=event_queries.WEEK_OF.format("m.known_at")): {"reasons": ["WO"]},
        families.ORIGINALS: {},
    }
    for statement, values in statements.items():
        told = plan(statement, {"tenant": quiet.organization.pk, "zone": quiet.organization.time_zone, **values})
        assert "answer_by_control_number" in told
        assert "Seq Scan on claims_adjudication" not in told


def numbered(count: int) -> None:
    """So many more answers, each under a number of the payer's, of which a sent claim names one."""
    names = [field.column for field in Adjudication._meta.concrete_fields if not field.primary_key]
    made = {"event_bidx": "decode(md5('e' || n), 'hex')", "control_bidx": "decode(md5('c' || n), 'hex')"}
    listed = ", ".join(names)
    values = ", ".join(made.get(name, name) for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO claims_adjudication ({listed}) SELECT {values} FROM generate_series(1, %s) n,"
            " (SELECT * FROM claims_adjudication LIMIT 1) a",
            [count],
        )
    sent = Claim.objects.latest("pk")
    ClaimReplacement.objects.create(number_bidx=sent.number_bidx, control_bidx=b"c" * 16, batch_id=sent.batch_id)


def plan(statement: str, values: dict[str, Any]) -> str:
    """How the database means to run it."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement}", values)
        return "\n".join(row[0] for row in cursor.fetchall())
