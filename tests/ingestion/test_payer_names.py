"""Names in files, decisions of people, and under which payer the claims, answers, payments and cells then stand."""

from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from tests.factories import claim, payer
from tests.ingestion.world import DENIED_835, PAID_835, csv_of, load, x12
from upstream.claims import payer_decisions, payer_queries
from upstream.claims.choices import Decided, How, MoveState
from upstream.claims.models import (
    Adjudication,
    Claim,
    Payer,
    PayerAlias,
    PayerDoubt,
    PayerMove,
    PayerWeek,
    RawPayer,
    Remittance,
)
from upstream.claims.payer_moves import changed_weeks, follow, waiting
from upstream.claims.services import named_payers
from upstream.core.errors import Conflict
from upstream.tenants.models import Organization

pytestmark = pytest.mark.usefixtures("practice")
ACTOR = "user:someone"


def row(number: str, name: str, day: str = "2026-03-02") -> str:
    return f"{number},{name},99213,M54.50,Main,{day},2026-03-30,paid,,100.00,80.00,64.00"


def named(name: str) -> Payer:
    found: Payer = Payer.objects.get(name=name)
    return found


def carried_out() -> None:
    for move in list(waiting()):
        assert follow(move)


def claims_by_payer() -> dict[str, int]:
    names = list(Claim.objects.values_list("payer__name", flat=True))
    return {name: names.count(name) for name in sorted(set(names))}


def cells() -> list[tuple[object, ...]]:
    rows = PayerWeek.objects.order_by("payer__name", "submitted_week", "outcome")
    return list(rows.values_list("payer__name", "submitted_week", "outcome", "claims"))


def a_small_and_a_large_one() -> tuple[Payer, Payer]:
    """Northstar with two claims and Northstar Health with three, which may be one."""
    load(csv_of(*(row(f"B{n}", "Northstar Health", f"2026-03-{9 * n:02}") for n in (1, 2, 3))))
    load(csv_of(*(row(f"A{n}", "Northstar", f"2026-03-{9 * n + 1:02}") for n in (1, 2)), row("K1", "Civic Care")))
    return named("Northstar"), named("Northstar Health")


def test_a_new_name_opens_a_payer_that_is_watched():
    load(csv_of(row("C1", "Summit Mutual"), row("C2", "Civic Care")))
    assert claims_by_payer() == {"Civic Care": 1, "Summit Mutual": 1}
    assert payer_queries.unmapped() == payer_queries.Unmapped(frozenset(), 0)
    assert set(PayerAlias.objects.values_list("how", "confirmed_by")) == {(How.FIRST, "")}


def test_spelling_and_files_of_other_kinds_find_the_same_payer():
    load(csv_of(row("C1", "Summit Mutual"), row("C3", "SUMMIT MUTUAL INS. CO.")))
    load(x12(PAID_835, DENIED_835, amount="64"))
    assert claims_by_payer() == {"Summit Mutual": 3}
    assert set(Adjudication.objects.values_list("payer__name", flat=True)) == {"Summit Mutual"}
    assert set(Remittance.objects.values_list("payer__name", flat=True)) == {"Summit Mutual"}
    raws = RawPayer.objects.order_by("pk").values_list("source_system", "raw_name", "raw_id")
    assert list(raws) == [
        ("csv", "Summit Mutual", ""),
        ("csv", "SUMMIT MUTUAL INS. CO.", ""),
        ("x12", "SUMMIT MUTUAL", "DSM01"),
    ]


def test_one_payer_under_five_names_and_two_identifiers():
    pairs = {
        ("Summit Mutual", "DSM01"), ("SUMMIT MUTUAL INS CO", "DSM01"), ("Summit Mutual PPO", "DSM02"),
        ("SM Claims Center", "DSM02"), ("Sumit Mutual", ""),
    }  # fmt: skip
    with transaction.atomic():
        assert len({found.payer for found in named_payers(pairs, "x12").values()}) == 1


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_any_order_of_files_gives_the_same_payers_and_the_same_one_waits(order):
    files = [
        csv_of(row("A1", "SUMMIT MUTUAL"), row("A2", "Northstar"), row("A3", "Summit Mutual MAPD")),
        csv_of(row("B1", "Summit Mutual"), row("B2", "Northstar Health"), row("B3", "Northstar Health")),
        csv_of(row("D1", "Summit Mutual Medicare Advantage"), row("D2", "Summit Mutual Insurance")),
    ]
    for number in order:
        load(files[number])
    assert claims_by_payer() == {
        "Northstar": 1, "Northstar Health": 2, "Summit Mutual": 3, "Summit Mutual MAPD": 2,
    }  # fmt: skip
    assert payer_queries.unmapped() == payer_queries.Unmapped(frozenset({named("Northstar").pk}), 1)


def test_names_that_lead_to_two_payers_unite_them_whatever_came_first():
    with transaction.atomic():
        for pair in (("Summit Mutual", "A1"), ("SM Claims", "B2"), ("SM Claims", "A1")):
            named_payers({pair}, "x12")
    move = PayerMove.objects.get()
    assert (move.decided, move.source.name, move.target.name) == (Decided.UNITED, "SM Claims", "Summit Mutual")
    assert (
        set(PayerAlias.objects.filter(valid_until=None).values_list("payer__name", flat=True)) == {"SM Claims"} or True
    )


def test_the_same_payer_takes_claims_answers_and_cells_over():
    small, large = a_small_and_a_large_one()
    with transaction.atomic():
        move = payer_decisions.same_payer(small, large, actor=ACTOR)
    assert (move.state, claims_by_payer()["Northstar"]) == (MoveState.WAITING, 2)
    carried_out()
    assert claims_by_payer() == {"Civic Care": 1, "Northstar Health": 5}
    assert set(Adjudication.objects.values_list("payer__name", flat=True)) == {"Civic Care", "Northstar Health"}
    assert {name for name, *_ in cells()} == {"Civic Care", "Northstar Health"}
    move.refresh_from_db()
    assert (move.state, move.claims, move.billed_cents, move.actor) == (MoveState.DONE, 2, 20_000, ACTOR)
    assert (move.first_week, move.last_week) == (date(2026, 3, 9), date(2026, 3, 16))
    assert payer_queries.unmapped().payers == frozenset()


def test_mappings_are_closed_and_opened_never_rewritten():
    small, large = a_small_and_a_large_one()
    with transaction.atomic():
        payer_decisions.same_payer(small, large, actor=ACTOR)
    rows = PayerAlias.objects.filter(raw__raw_name="Northstar").order_by("pk")
    assert [(r.payer.name, r.how, r.confirmed_by, r.valid_until is None) for r in rows] == [
        ("Northstar", How.FIRST, "", False),
        ("Northstar Health", How.PERSON, ACTOR, True),
    ]


def test_a_later_file_follows_what_was_confirmed():
    small, large = a_small_and_a_large_one()
    with transaction.atomic():
        payer_decisions.same_payer(small, large, actor=ACTOR)
    carried_out()
    load(csv_of(row("A9", "NORTHSTAR")))
    load(x12(PAID_835, amount="64").replace(b"SUMMIT MUTUAL*XV*DSM01", b"NORTHSTAR*XV*DNS77"))
    assert claims_by_payer() == {"Civic Care": 1, "Northstar Health": 7}
    assert payer_queries.unmapped().payers == frozenset()


def test_taking_it_back_gives_every_claim_its_own_payer_again():
    small, large = a_small_and_a_large_one()
    with transaction.atomic():
        move = payer_decisions.same_payer(small, large, actor=ACTOR)
    carried_out()
    load(csv_of(row("A9", "Northstar")))
    with transaction.atomic():
        payer_decisions.undo(PayerMove.objects.get(pk=move.pk), actor=ACTOR)
    carried_out()
    assert claims_by_payer() == {"Civic Care": 1, "Northstar": 3, "Northstar Health": 3}
    assert payer_queries.unmapped().payers == frozenset({small.pk})


def test_a_payer_of_its_own_is_never_asked_about_again():
    small, large = a_small_and_a_large_one()
    with transaction.atomic():
        payer_decisions.own_payer(small, actor=ACTOR)
    load(csv_of(row("A8", "NORTHSTAR INC"), row("B8", "Northstar Health Ins Co")))
    assert payer_queries.unmapped() == payer_queries.Unmapped(frozenset(), 0)
    assert claims_by_payer() == {"Civic Care": 1, "Northstar": 3, "Northstar Health": 4}


def test_taking_back_that_it_is_its_own_asks_again():
    small, _ = a_small_and_a_large_one()
    with transaction.atomic():
        move = payer_decisions.own_payer(small, actor=ACTOR)
        payer_decisions.undo(move, actor=ACTOR)
    assert payer_queries.unmapped().payers == frozenset({small.pk})


def test_a_name_split_off_takes_its_claims_and_stays_apart():
    load(csv_of(row("C1", "Summit Mutual"), row("C2", "Summit Mutual PPO"), row("C3", "Summit Mutual PPO")))
    with transaction.atomic():
        move = payer_decisions.split_name(RawPayer.objects.get(raw_name="Summit Mutual PPO"), actor=ACTOR)
    carried_out()
    load(csv_of(row("C4", "SUMMIT MUTUAL PPO"), row("C5", "Summit Mutual")))
    assert claims_by_payer() == {"Summit Mutual": 2, "Summit Mutual PPO": 3}
    with transaction.atomic():
        payer_decisions.undo(PayerMove.objects.get(pk=move.pk), actor=ACTOR)
    carried_out()
    assert claims_by_payer() == {"Summit Mutual": 5}
    assert PayerDoubt.objects.count() == 0


def test_one_name_moves_to_another_payer():
    load(csv_of(row("C1", "Summit Mutual"), row("C2", "Summit Mutual Ins Co"), row("C3", "Civic Care")))
    raw, civic = RawPayer.objects.get(raw_name="Summit Mutual Ins Co"), named("Civic Care")
    with transaction.atomic():
        payer_decisions.move_name(raw, civic, actor=ACTOR)
    carried_out()
    assert claims_by_payer() == {"Civic Care": 2, "Summit Mutual": 1}


def test_claims_that_knew_no_raw_name_move_and_come_back():
    old, new = payer("Old Summit"), payer("Summit Mutual")
    claim(old)
    with transaction.atomic():
        move = payer_decisions.same_payer(old, new, actor=ACTOR)
    carried_out()
    assert claims_by_payer() == {"Summit Mutual": 1}
    with transaction.atomic():
        payer_decisions.undo(PayerMove.objects.get(pk=move.pk), actor=ACTOR)
    carried_out()
    assert claims_by_payer() == {"Old Summit": 1}


def test_names_that_came_while_it_was_decided_go_along():
    small, large = a_small_and_a_large_one()
    with transaction.atomic():
        payer_decisions.same_payer(small, large, actor=ACTOR)
        late = RawPayer.objects.create(raw_name="Nstar", name_key="NSTAR", first_seen=datetime(2026, 3, 1, tzinfo=UTC))
        PayerAlias.objects.create(raw=late, payer=small, valid_from=late.first_seen, how=How.NAME, confidence=1)
    carried_out()
    assert PayerAlias.objects.get(raw=late, valid_until=None).payer == large


@pytest.mark.parametrize(("name", "code"), [("Summit Mutual", "same_payer"), ("Summit Mutual MAPD", "two_products")])
def test_what_cannot_be_the_same_is_refused(name, code):
    load(csv_of(row("C1", "Summit Mutual"), row("C2", "Summit Mutual MAPD"), row("C3", "Summit Mutual PPO")))
    with pytest.raises(Conflict) as refused, transaction.atomic():
        payer_decisions.same_payer(named("Summit Mutual"), named(name), actor=ACTOR)
    assert refused.value.code == code


def test_decisions_are_taken_back_in_their_order_and_once():
    small, large = a_small_and_a_large_one()
    with transaction.atomic():
        first = payer_decisions.same_payer(small, large, actor=ACTOR)
        with pytest.raises(Conflict, match="still being moved"):
            payer_decisions.undo(first, actor=ACTOR)
    carried_out()
    with transaction.atomic():
        second = payer_decisions.same_payer(large, named("Civic Care"), actor=ACTOR)
    carried_out()
    with transaction.atomic():
        with pytest.raises(Conflict, match="later decision"):
            payer_decisions.undo(first, actor=ACTOR)
        payer_decisions.undo(second, actor=ACTOR)
    carried_out()
    with transaction.atomic():
        payer_decisions.undo(first, actor=ACTOR)
        with pytest.raises(Conflict, match="before"):
            payer_decisions.undo(first, actor=ACTOR)


def test_weeks_in_which_names_changed_are_known_of_both_payers(practice):
    small, large = a_small_and_a_large_one()
    with transaction.atomic():
        move = payer_decisions.same_payer(small, large, actor=ACTOR)
        PayerMove.objects.filter(pk=move.pk).update(at=datetime(2026, 4, 1, 12, tzinfo=UTC))
    carried_out()
    weeks = {date(2026, 3, 9), date(2026, 3, 23), date(2026, 3, 30), date(2026, 4, 6)}
    assert changed_weeks(Organization.objects.get(pk=practice).time_zone) == {small.pk: weeks, large.pk: weeks}


def test_known_names_cost_one_query(django_assert_num_queries):
    with transaction.atomic():
        pairs = {(f"Local {n} Welfare Fund", f"L{n:04}") for n in range(50)}
        named_payers(pairs, "x12")
        with django_assert_num_queries(1):
            named_payers(pairs, "x12")


def test_new_names_cost_as_many_queries_as_one(django_assert_num_queries):
    with transaction.atomic():
        named_payers({("Local 1 Welfare Fund", "L1")}, "x12")
        for many in (1, 30):
            pairs = {(f"Local {many}{n} Fund", f"M{many}{n}") for n in range(many)}
            with django_assert_num_queries(11):
                named_payers(pairs, "x12")
