"""Payments against what was loaded of them: literal sums, equal by page, by rows and by tables."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from django.db.models import Sum

from tests.ingestion.world import CORRECTION, DENIED_835, PAID_835, REVERSAL, csv_of, load, paid, pending, x12
from upstream.claims.models import Adjudication, ProviderAdjustment, Remittance
from upstream.ingestion.reconciliation import ledger, payments, queries, services
from upstream.ingestion.reconciliation.choices import Basis, By
from upstream.ingestion.reconciliation.models import Deposit
from upstream.ingestion.reconciliation.rules import Range

pytestmark = pytest.mark.usefixtures("practice")
MARCH = Range(date(2026, 3, 1), date(2026, 3, 31), By.MONTH)
KNOWN = datetime(2026, 3, 22, 12, tzinfo=UTC)


@pytest.fixture
def remitted() -> None:
    """A practice file with one claim; a payment in two deliveries, one out of balance, one with take-backs."""
    load(csv_of(pending("C1")), known_at=datetime(2026, 3, 3, tzinfo=UTC))
    whole = x12(PAID_835, DENIED_835, amount="50.5", plb="PLB*1234567893*20261231*WO:ICN9*14*L6*-0.5")
    load(whole[: whole.index(b"CLP*C2")], known_at=KNOWN)
    load(whole, known_at=KNOWN)
    load(x12(REVERSAL, CORRECTION, amount="5", check="CHK2", control="000000002"), known_at=KNOWN)
    load(x12(PAID_835.replace("C1*", "C3*"), amount="64", check="CHK3").replace(b"20260320~TRN", b"20260406~TRN"))


def test_a_months_row_ties_to_the_cent(remitted: None) -> None:
    with transaction.atomic():
        (row,) = queries.reconciliation(MARCH, payments.payments(MARCH))
        total = queries.total([row])
    assert (row.payer, row.start, row.files, row.payments) == ("Summit Mutual", date(2026, 3, 1), 3, 2)
    assert (row.superseded, row.cut_off, row.expected) == (1, 0, None)
    assert (row.amount, row.claims_paid, row.adjustments, row.difference) == (5_550, 7_000, 1_350, -100)
    assert row.amount == row.claims_paid - row.adjustments + row.difference
    assert (row.loaded, row.not_loaded, row.out_of_balance) == (7_000, 0, 1)
    assert (row.matched, row.unmatched, row.reversals, row.reversed_cents) == (3, 1, 1, -6_400)
    assert (total.amount, total.loaded, total.matched) == (5_550, 7_000, 3)


@pytest.mark.parametrize("by", By)
def test_rows_add_up_to_the_tables_however_long_a_period_is(remitted: None, by: By) -> None:
    with transaction.atomic():
        wanted = Range(date(2026, 3, 1), date(2026, 4, 30), by)
        listed = payments.payments(wanted)
        total = queries.total(queries.reconciliation(wanted, listed))
        counted = Remittance.objects.filter(superseded=False)
        sums = counted.aggregate(amount=Sum("amount_cents"), paid=Sum("claims_paid_cents"))
        taken = ProviderAdjustment.objects.filter(remittance__in=counted).aggregate(cents=Sum("cents"))["cents"]
        loaded = Adjudication.objects.aggregate(cents=Sum("paid_cents"))["cents"]
    assert (sums, taken, loaded) == ({"amount": 11_950, "paid": 13_400}, 1_350, 13_400)
    assert (total.amount, total.claims_paid, total.adjustments, total.loaded) == (11_950, 13_400, 1_350, 13_400)
    counting = [p for p in listed if not p.superseded]
    assert sum(p.amount for p in counting) == 11_950
    assert sum(p.loaded.paid for p in listed) == 13_400


def test_answers_of_a_payment_add_up_to_what_was_loaded_of_it(remitted: None) -> None:
    with transaction.atomic():
        for found in payments.payments(MARCH):
            answers = payments.answers_of(found, limit=100)
            assert (sum(a.paid for a in answers), len(answers)) == (found.loaded.paid, found.loaded.answers)
        whole = next(p for p in payments.payments(MARCH) if p.check_number == "CHK1" and not p.superseded)
        assert payments.payment(whole.batch_id, whole.position) == whole
        assert [(a.code, a.cents, a.reason.kind) for a in payments.adjustments_of(whole)] == [
            ("WO", 1_400, "takeback"), ("L6", -50, "interest"),
        ]  # fmt: skip


def test_each_basis_sums_the_same_answers(remitted: None) -> None:
    load(csv_of(paid("C9", day="2026-02-02").replace("99213", "99214")))
    wide = Range(date(2026, 1, 1), date(2026, 12, 31), By.MONTH)
    with transaction.atomic():
        sums = {basis: queries.claim_total(queries.claim_sums(wide, basis)) for basis in Basis}
        months = {
            basis: [(row.start.month, row.payer, row.paid) for row in queries.claim_sums(wide, basis) if row.start]
            for basis in Basis
        }
    assert {(total.answers, total.paid, total.billed, total.denied) for total in sums.values()} == {
        (6, 19_800, 119_000 + 1_000, 1)
    }
    assert months[Basis.REMIT] == [(3, "Summit Mutual", 13_400), (4, "Summit Mutual", 6_400)]


def test_a_bank_list_is_kept_once_and_held_against_payments(remitted: None) -> None:
    listed = (
        b"date,amount,check number\n2026-03-21,50.50,000CHK1\n2026-03-21,7.00,CHK2\n2026-03-25,9.99,STRAY\n"
        b"2026-04-07,64.00,CHK3\n2026-03-21,7.00,CHK2\n"
    )
    first = services.import_deposits(listed, actor="user:1")
    again = services.import_deposits(listed, actor="user:1")
    assert (first.new, first.known, again.new, again.known) == (5, 0, 0, 5)
    with transaction.atomic():
        assert Deposit.objects.count() == 5
        found = queries.deposits_against(MARCH, payments.payments(MARCH))
    assert [(m.key, m.state, m.difference_cents) for m in found] == [
        ("CHK1", "matched", 0), ("CHK2", "differs", 900), ("STRAY", "no_payment", 999),
    ]  # fmt: skip


def test_the_ledger_tells_reasons_and_take_backs_by_month(remitted: None) -> None:
    wide = Range(date(2026, 3, 1), date(2026, 4, 30), By.MONTH)
    with transaction.atomic():
        rows = ledger.ledger(wide)
        months = ledger.take_backs(rows, payments.payments(wide), ledger.told_twice(wide))
    assert [(r.month.month, r.code, r.number, r.taken, r.given) for r in rows] == [
        (3, "L6", 1, 0, -50), (3, "WO", 1, 1_400, 0),
    ]  # fmt: skip
    assert [(m.month.month, m.adjusted, m.answered, m.paid) for m in months] == [
        (3, 1_400, 6_400, 13_400), (4, 0, 0, 6_400),
    ]  # fmt: skip
    assert sum(row.cents for row in rows) == 1_350


def test_a_take_back_that_a_reversal_announces_counts_once(remitted: None) -> None:
    for number, (reference, cents) in enumerate((("ICN1", "40"), ("ICN1", "50"), ("ICN8", "5"))):
        plb, amount = f"PLB*1234567893*20261231*WO:{reference}*{cents}", str(1 - int(cents))
        control = f"00000002{number}"
        taken = x12("CLP*C9*1*1*1**12*I9*11", amount=amount, plb=plb, check=f"CHK1{number}", control=control)
        load(taken.replace(b"20260320~TRN", b"20260406~TRN"), known_at=KNOWN)
    wide = Range(date(2026, 3, 1), date(2026, 4, 30), By.MONTH)
    with transaction.atomic():
        twice = ledger.told_twice(wide)
        months = ledger.take_backs(ledger.ledger(wide), payments.payments(wide), twice)
        assert ledger.told_twice(MARCH) == {}
    assert twice == {date(2026, 4, 1): 6_400}
    assert [(m.adjusted, m.answered, m.twice, m.taken) for m in months] == [
        (1_400, 6_400, 0, 7_800), (9_500, 0, 6_400, 3_100),
    ]  # fmt: skip


def test_neither_interest_nor_a_delivery_that_came_whole_later_tells_of_a_take_back_twice(remitted: None) -> None:
    interest = x12(DENIED_835, amount="-3", plb="PLB*1234567893*20261231*L6:ICN1*3", check="CHK4", control="000000021")
    whole = x12(PAID_835.replace("C1*", "C8*"), DENIED_835, amount="57", check="CHK5", control="000000022",
                plb="PLB*1234567893*20261231*WO:ICN1*7")  # fmt: skip
    cut = whole[: whole.index(b"CLP*C2")] + whole[whole.index(b"PLB*") : whole.index(b"SE*")]
    for content in (interest, cut, whole):
        load(content, known_at=KNOWN)
    with transaction.atomic():
        assert ledger.told_twice(MARCH) == {date(2026, 3, 1): 700}
        assert sum(row.taken for row in ledger.ledger(MARCH) if row.code == "WO") == 2_100


def test_two_payments_of_one_file_have_each_its_own_answers() -> None:
    second = x12(DENIED_835, amount="0", check="CHK2", control="000000002")
    load(x12(PAID_835, amount="64") + second, known_at=KNOWN)
    with transaction.atomic():
        found = {one.check_number: (one.loaded.answers, one.loaded.paid) for one in payments.payments(MARCH)}
    assert found == {"CHK1": (1, 6_400), "CHK2": (1, 0)}


def test_a_weekly_payer_is_expected_on_its_day() -> None:
    for week in range(8):
        when = date(2026, 1, 1) + timedelta(weeks=week)
        claim = PAID_835.replace("C1*", f"W{week}*")
        content = x12(claim, amount="64", check=f"W{week}", control=f"{week + 1:09}")
        load(content.replace(b"20260320~TRN", when.strftime("%Y%m%d").encode() + b"~TRN"))
    weeks = Range(date(2026, 1, 5), date(2026, 2, 22), By.WEEK)
    with transaction.atomic():
        rows = queries.reconciliation(weeks, payments.payments(weeks))
    assert [(row.start, row.payments, round(row.expected or 0, 1)) for row in rows][:2] == [
        (date(2026, 1, 5), 1, 1.3), (date(2026, 1, 12), 1, 1.3),
    ]  # fmt: skip
    assert {row.missing for row in rows} == {False}
