"""Answers of payers become items, and news of items: opened, closed, opened again, and never twice."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.factories import batch, claim, payer
from tests.factories.denials import answer
from tests.worklist.conftest import Office, actor
from upstream.claims.choices import Outcome, PayerType
from upstream.claims.models import Adjudication, Adjustment, Claim, ProcedureWeek
from upstream.worklist import intake, services
from upstream.worklist.choices import ActKind, Step
from upstream.worklist.models import Act, Event, Item
from upstream.worklist.rules import Answer, after_answer

FIRST = date(2026, 2, 20)


def later(days: int) -> dict[str, Any]:
    """When an answer that came so many days after the first denial was decided and known."""
    day = FIRST + timedelta(days=days)
    return {"decided_date": day, "known_at": datetime(day.year, day.month, day.day, 12, tzinfo=UTC)}


def denied_claim(office: Office, **fields: Any) -> Claim:
    """Sent on 6 February, denied on the 20th."""
    values = {"outcome": Outcome.DENIED, "submitted_date": date(2026, 2, 6), "procedure_code": "73721"}
    made: Claim = claim(office.payer, **{**values, **fields})
    answer(made, **later(0))
    return made


def take() -> None:
    """All files that wait."""
    waiting = list(intake.files_waiting().values_list("pk", flat=True))
    if waiting:
        assert intake.take_files(waiting[0])
    assert not intake.files_waiting().exists()


def only() -> Item:
    return Item.objects.get()


def made_answer(of: Claim) -> Adjudication:
    return Adjudication.objects.get(claim=of)


def history(item: Item) -> list[tuple[str, str, str]]:
    rows = Event.objects.filter(item=item).order_by("version")
    return [(event.from_step, event.to_step, event.said) for event in rows]


def test_a_denial_opens_an_item_with_its_dates_and_dollars(office: Office) -> None:
    office.payer.payer_type = PayerType.COMMERCIAL
    office.payer.save()
    ProcedureWeek.objects.create(
        payer=office.payer, submitted_week=date(2026, 1, 5), known_week=date(2026, 1, 19), outcome=Outcome.PAID,
        claims=20, billed_cents=200_000, allowed_cents=150_000, paid_cents=150_000, procedure_code="73721",
    )  # fmt: skip
    made = denied_claim(office)
    Adjustment.objects.create(
        adjudication=made_answer(made), ordinal=1, group_code="CO", carc="197", remark_codes="N54 M62", cents=10_000
    )
    take()
    item = only()
    assert (item.claim, item.payer, item.step, item.version) == (made, office.payer, Step.UNTOUCHED, 1)
    assert (item.category, item.reason, item.remark_codes, item.partial) == ("AUTH", "CO-197", "M62 N54", False)
    assert (item.billed_cents, item.expected_cents, item.share, item.recovery_cents) == (10_000, 7_500, 0.1, 750)
    assert (item.decided_date, item.deadline, item.internal_due) == (FIRST, date(2026, 8, 19), date(2026, 8, 1))
    assert (item.clock_days, item.clock_basis, item.clock_confidence) == (180, "payer type", "low")
    assert (item.service_date, item.procedure_code) == (date(2026, 2, 27), "73721")


def test_a_payer_of_no_known_type_is_urgent_and_says_so(office: Office) -> None:
    denied_claim(office)
    take()
    assert (only().clock_days, only().clock_basis) == (30, "unknown")
    assert only().clock_source == "payer type unknown: check contract"


def test_a_second_pass_changes_nothing(office: Office) -> None:
    denied_claim(office)
    take()
    file = intake.Taken.objects.get()
    assert not intake.take_files(file.ref)
    file.delete()
    take()
    assert (Item.objects.count(), only().version, Act.objects.count()) == (1, 1, 0)


def test_a_file_read_again_is_taken_again(office: Office) -> None:
    made = denied_claim(office)
    take()
    again = batch(loaded_at=datetime(2026, 3, 3, tzinfo=UTC), adjudications=1)
    assert list(intake.files_waiting()) == [again]
    assert made.pk == only().claim_id


def test_a_later_payment_closes_it_and_says_when(office: Office) -> None:
    made = denied_claim(office)
    take()
    answer(made, Outcome.PAID, paid_cents=8_000, **later(20))
    take()
    assert (only().step, only().is_open, only().version) == (Step.WON, False, 2)
    assert only().closed_for == "paid by the payer: 12 March 2026"
    assert history(only()) == [("todo", "won", "paid by the payer: 12 March 2026")]
    act = Act.objects.get()
    assert (act.kind, act.actor, act.items) == (ActKind.ANSWER, "system", 1)


def test_a_payment_taken_back_opens_it_again(office: Office) -> None:
    made = denied_claim(office)
    take()
    paid = answer(made, Outcome.PAID, paid_cents=8_000, **later(20))
    take()
    answer(made, Outcome.REVERSED, reverses=paid, paid_cents=-8_000, **later(30))
    take()
    assert (only().step, only().is_open, only().closed_for) == (Step.UNTOUCHED, True, "")
    assert history(only())[1:] == [("won", "todo", "the denial stands again: 20 February 2026")]


def test_a_denial_taken_back_without_another_answer_settles_it(office: Office) -> None:
    made = denied_claim(office)
    take()
    answer(made, Outcome.REVERSED, reverses=made_answer(made), **later(10))
    take()
    assert (only().step, only().closed_for) == (Step.SETTLED, "the payer took the denial back")


def test_denied_and_paid_in_one_file_is_nothing_to_work(office: Office) -> None:
    made = denied_claim(office)
    answer(made, Outcome.PAID, paid_cents=8_000, **later(20))
    take()
    assert not Item.objects.exists()


def test_a_replacement_waits_for_the_payer_and_its_denial_is_to_do(office: Office) -> None:
    made = denied_claim(office)
    take()
    sent = date(2026, 3, 1)
    second = claim(
        office.payer, family_key=made.number_bidx, frequency_code="7", submitted_date=sent, outcome=Outcome.PENDING,
        batch_id=batch(claims=1).pk,
    )  # fmt: skip
    take()
    assert (only().step, only().claim) == (Step.WAITING, made)
    assert history(only()) == [("todo", "waiting", "sent again: 1 March 2026")]
    answer(second, denial_carc="16", denial_category="DATA", **later(30))
    take()
    assert (only().step, only().category, only().action) == (Step.UNTOUCHED, "DATA", "refile")
    assert history(only())[-1] == ("waiting", "todo", "denied again: 22 March 2026")
    assert Item.objects.count() == 1


def test_a_person_who_fetched_it_back_is_not_overruled_by_the_same_news(office: Office) -> None:
    made = denied_claim(office)
    take()
    sent = {"submitted_date": date(2026, 3, 1), "outcome": Outcome.PENDING}
    claim(office.payer, family_key=made.number_bidx, frequency_code="7", batch_id=batch(claims=1).pk, **sent)
    take()
    services.step([only()], to_step=Step.WORKING, actor=actor(office.ada))
    Claim.objects.filter(pk=made.pk).update(batch_id=batch(claims=1).pk)
    take()
    assert (only().step, only().version) == (Step.WORKING, 3)


def test_a_void_ends_it(office: Office) -> None:
    made = denied_claim(office)
    take()
    gone = {"submitted_date": date(2026, 3, 1), "outcome": Outcome.PENDING}
    claim(office.payer, family_key=made.number_bidx, frequency_code="8", batch_id=batch(claims=1).pk, **gone)
    take()
    assert (only().step, only().closed_for) == (Step.SETTLED, "voided by the practice: 1 March 2026")


def test_what_a_person_wrote_off_stays_so_until_it_is_paid(office: Office) -> None:
    made = denied_claim(office)
    take()
    services.step([only()], to_step=Step.WRITTEN_OFF, actor=actor(office.ada))
    answer(made, denial_carc="50", denial_category="MEDNEC", **later(10))
    take()
    assert (only().step, only().category, only().version) == (Step.WRITTEN_OFF, "MEDNEC", 2)
    answer(made, Outcome.PAID, paid_cents=8_000, **later(20))
    take()
    assert only().step == Step.WON


def test_a_partial_denial_expects_what_was_not_allowed(office: Office) -> None:
    made = claim(office.payer, outcome=Outcome.PARTIAL, submitted_date=date(2026, 2, 6))
    answer(made, Outcome.PARTIAL, allowed_cents=4_000, paid_cents=4_000, **later(0))
    take()
    assert (only().partial, only().expected_cents) == (True, 6_000)


@pytest.mark.parametrize(
    "fields",
    [
        {"denial_carc": "18", "denial_category": "DUP"},
        {"payer_order": 2},
        {"outcome": Outcome.ZERO_OTHER},
    ],
)
def test_what_nobody_reworks_is_no_item(office: Office, fields: dict[str, Any]) -> None:
    """A duplicate, a second payer's zero, and what the patient owes."""
    answer(claim(office.payer, outcome=Outcome.DENIED), **{**later(0), **fields})
    take()
    assert not Item.objects.exists()


def test_an_answer_that_upholds_the_denial_leaves_it_standing(office: Office) -> None:
    made = denied_claim(office)
    take()
    upheld = answer(made, Outcome.ZERO_OTHER, **later(20))
    Adjustment.objects.create(adjudication=upheld, ordinal=1, group_code="CO", carc="193", cents=10_000)
    take()
    assert (only().is_open, only().decided_date) == (True, FIRST)


def test_many_families_are_read_through_with_the_same_result(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("upstream.worklist.standing.MANY", 1)
    other = payer("Civic Care")
    for of in (office.payer, office.payer, other):
        answer(claim(of, outcome=Outcome.DENIED), **later(0))
    take()
    assert sorted(Item.objects.values_list("payer__name", flat=True)) == ["Civic Care", *["Summit Mutual"] * 2]


NO, PAID = Answer(True, False, True, False, False), Answer(False, True, True, False, False)


@pytest.mark.parametrize(
    ("step", "answer_is", "new", "after"),
    [
        (Step.DRAFTED, NO, True, (Step.DRAFTED, "denied again")),
        (Step.SENT, NO, True, (Step.UNTOUCHED, "denied again")),
        (Step.LOST, NO, True, (Step.LOST, "")),
        (Step.WON, NO, True, (Step.UNTOUCHED, "the denial stands again")),
        (Step.WON, NO, False, (Step.WON, "")),
        (Step.SENT, NO, False, (Step.SENT, "")),
        (Step.LOST, PAID, True, (Step.WON, "paid by the payer")),
        (Step.WON, PAID, True, (Step.WON, "")),
        (Step.WRITTEN_OFF, Answer(False, False, True, False, False), True, (Step.WRITTEN_OFF, "")),
        (Step.SENT, Answer(False, False, True, False, False), True, (Step.SETTLED, "paid nothing, and not denied")),
    ],
)
def test_where_an_item_stands_after_an_answer(
    step: Step, answer_is: Answer, new: bool, after: tuple[Step, str]
) -> None:
    assert after_answer(step, answer_is, new=new) == after
