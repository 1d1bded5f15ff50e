"""Answered lines against their contract: what is short, by how much, and what becomes of it when things change."""

from datetime import date

import pytest
from django.db import transaction

from tests.contracts.test_loading import load as fees
from tests.ingestion.world import HEADER, load
from tests.kpis.world import at, clp, line, remit
from upstream.claims.models import Payer
from upstream.contracts import moves, queries, services
from upstream.contracts.choices import Reason
from upstream.contracts.loading import undo_load
from upstream.contracts.models import Contract, PricedWeek, ShortLine
from upstream.contracts.pricing import payers_waiting, price_weeks
from upstream.core.errors import Conflict

ACTOR = "command:test"


def sent(*rows: str) -> str:
    """Claims served on the day on which they were submitted."""
    dated = [f"{row},{row.split(',')[5]}" for row in rows]
    return "\n".join([f"{HEADER},service_date", *dated]) + "\n"


def price_all() -> int:
    done = 0
    while waiting := payers_waiting():
        done += sum(price_weeks(payer) for payer in waiting)
    return done


@pytest.fixture
def summit(practice: int) -> Contract:
    """Two claims told by CSV alone and one of two lines answered by 835; $100 each at $80 in the contract."""
    load(
        sent(
            "P1,Summit Mutual,99213,M54.50,Main,2026-01-05,2026-01-19,paid,,100.00,80.00,80.00",
            "P2,Summit Mutual,99213,M54.50,Main,2026-01-06,2026-01-19,paid,,100.00,70.00,70.00",
            "P3,Summit Mutual,73721,M54.50,Main,2026-01-06,2026-01-19,paid,,900.00,500.00,500.00",
            "P4,Summit Mutual,99213,M54.50,Main,2026-01-06,2026-01-19,denied,CO-197,100.00,,0.00",
        ),
        known_at=at(date(2026, 1, 19)),
    )
    payer = Payer.objects.get()
    made = services.add_contract(
        payer=payer, name="Summit 2026", effective_from=date(2026, 1, 1), tolerance_cents=200, actor=ACTOR
    )
    fees(made, "99213,,,80.00,,,")
    return made


def told() -> list[tuple[str, int, int, str, bool]]:
    rows = queries.underpaid(queries.Asked(state="all"))
    return [(r.procedure_code, r.expected_cents, r.short_cents, r.state, r.stands) for r in rows]


def test_short_lines_and_sums_say_what_the_contract_says(summit: Contract) -> None:
    assert price_all() == 1
    assert told() == [("99213", 8_000, 1_000, "detected", True)]
    found = queries.coverage(summit.payer_id)
    assert (found.lines, found.priced, found.expected, found.short_lines, found.short) == (3, 2, 16_000, 1, 1_000)
    assert queries.unpriced(summit.payer_id) == [("73721", Reason.NO_CODE, 1, 90_000, 50_000)]
    assert queries.totals_of(queries.underpaid()).short == 1_000
    assert price_all() == 0


def test_a_corrected_price_prices_anew_and_its_undoing_too(summit: Contract) -> None:
    price_all()
    correction = fees(summit, "99213,,,70.00,,,", "73721,,,600.00,,,")
    price_all()
    assert told() == [("73721", 60_000, 10_000, "detected", True)]
    undo_load(correction, actor=ACTOR)
    price_all()
    assert told() == [("99213", 8_000, 1_000, "detected", True)]


def test_what_people_did_outlives_a_corrected_price(summit: Contract) -> None:
    price_all()
    row = ShortLine.objects.get()
    moves.move(row, to="invalid", version=1, actor=ACTOR, note="the fee of 2025")
    assert queries.doubted(summit) == [("99213", "", 1, 1_000)]
    fees(summit, "99213,,,70.00,,,")
    price_all()
    assert told() == [("99213", 8_000, 1_000, "invalid", False)]
    assert queries.doubted(summit) == []


def test_a_later_answer_recovers_a_line_and_can_be_doubted(summit: Contract) -> None:
    price_all()
    load(
        sent("P2,Summit Mutual,99213,M54.50,Main,2026-01-06,2026-02-09,paid,,100.00,80.00,80.00"),
        known_at=at(date(2026, 2, 9)),
    )
    price_all()
    row = ShortLine.objects.get()
    assert (row.state, row.recovered_cents, row.version) == ("recovered", 1_000, 2)
    assert [(s.from_state, s.to_state, s.actor) for s, _ in queries.steps_of(row)] == [
        ("detected", "recovered", "payer's answer")
    ]
    back = moves.undo(row, version=2, actor=ACTOR)
    assert (back.state, back.recovered_cents) == ("detected", 0)


def test_moves_are_refused_undone_and_overwrite_nobody(summit: Contract) -> None:
    price_all()
    row = ShortLine.objects.get()
    with pytest.raises(Conflict, match="cannot go"), transaction.atomic():
        moves.move(row, to="recovered", version=1, actor=ACTOR)
    moves.move(row, to="sent", version=1, actor=ACTOR)
    with pytest.raises(Conflict, match="meanwhile"), transaction.atomic():
        moves.move(row, to="rejected", version=1, actor=ACTOR)
    done = moves.move(row, to="recovered", version=2, actor=ACTOR, recovered_cents=600)
    assert (done.state, done.recovered_cents) == ("recovered", 600)
    assert moves.undo(row, version=3, actor=ACTOR).state == "sent"
    assert moves.undo(row, version=4, actor=ACTOR).state == "detected"
    with pytest.raises(Conflict, match="nothing"), transaction.atomic():
        moves.undo(row, version=5, actor=ACTOR)
    assert moves.move_all({row.public_id: 5}, to="rejected", actor=ACTOR) == 1


def test_lines_of_remittances_are_priced_by_their_own_units_and_modifiers(summit: Contract) -> None:
    head = "claim_id,line_id,payer,procedure_code,diagnosis,location,submitted_date,decided_date,status,denial_reason"
    head += ",billed,allowed,paid,modifiers,units,place_of_service,service_date"
    rows = [
        "L1,1,Summit Mutual,97110,M54.50,Main,2026-01-12,,pending,,160.00,,,GP,4,11,2026-01-09",
        "L1,2,Summit Mutual,73721,M54.50,Main,2026-01-12,,pending,,900.00,,,26:LT,1,11,2026-01-09",
    ]
    load("\n".join([head, *rows]).encode(), known_at=at(date(2026, 1, 12)))
    fees(summit, "97110,,nonfacility,30.00,,,", "73721,26,,95.00,,,")
    remit(
        date(2026, 1, 26),
        clp("L1", 1060, 175, line("97110", 160, 90, "CO*45*70"), line("73721:26:LT", 900, 85, "CO*45*815")),
    )
    price_all()
    assert [(r.procedure_code, r.number, r.expected_cents, r.short_cents) for r in queries.underpaid()
            if r.procedure_code != "99213"] == [("73721", 2, 9_500, 1_000), ("97110", 1, 12_000, 3_000)]  # fmt: skip


def test_a_new_file_prices_only_the_weeks_that_it_touches(summit: Contract) -> None:
    price_all()
    before = dict(PricedWeek.objects.values_list("week", "changes"))
    load(
        sent("Q1,Summit Mutual,99213,M54.50,Main,2026-02-02,2026-02-16,paid,,100.00,75.00,75.00"),
        known_at=at(date(2026, 2, 16)),
    )
    price_all()
    after = dict(PricedWeek.objects.values_list("week", "changes"))
    assert {week for week in after if after[week] != before.get(week)} == {date(2026, 2, 2)}
    assert [row.short_cents for row in queries.underpaid()] == [500, 1_000]
