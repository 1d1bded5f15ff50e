"""Titles as people read them."""

from dataclasses import replace
from datetime import date

from upstream.alerts.wording import DATA, US, Told, deadlines, doubted, evidence, money, procedure, title

KNEE = Told(
    payer="Summit Mutual", procedure_code="73721", denial_reason="CO-197", category="AUTH", location="",
    metric="denial_rate", direction="adverse", onset=date(2026, 3, 3), observed=14, decided=31, expected=3.1,
)  # fmt: skip


def test_a_rule_on_one_procedure() -> None:
    assert title(KNEE) == (
        "Summit Mutual started denying knee MRI (73721) for missing authorization around 3 March:"
        " 14 of 31 claims, usually 3."
    )


def test_more_of_the_same() -> None:
    told = replace(
        KNEE, procedure_code="", category="MEDNEC", denial_reason="CO-50", observed=60, decided=400, expected=30
    )
    assert title(told) == (
        "Summit Mutual denies claims for medical necessity more often since around 3 March:"
        " 60 of 400 claims, usually 30."
    )


def test_a_place() -> None:
    told = replace(KNEE, procedure_code="", denial_reason="", category="", location="Westgate")
    assert (
        title(told) == "Summit Mutual started denying claims from Westgate around 3 March: 14 of 31 claims, usually 3."
    )


def test_better_than_before() -> None:
    told = replace(KNEE, direction="improve", observed=1)
    assert title(told) == (
        "Summit Mutual denies knee MRI (73721) for missing authorization less often since around 3 March:"
        " 1 of 31 claims, usually 3."
    )


def test_late_decisions() -> None:
    told = replace(KNEE, metric="payment_delay", denial_reason="", procedure_code="", levels=(14.2, 27.8))
    assert title(told) == "Summit Mutual decides claims later since around 3 March: about 28 days, usually 14."


def test_smaller_amounts() -> None:
    told = replace(KNEE, metric="underpayment", denial_reason="", levels=(1.0, 0.92), observed=40)
    assert title(told) == (
        "Summit Mutual allows less for knee MRI (73721) since around 3 March: 92% of the usual amount on 40 claims."
    )


def test_expensive_claims() -> None:
    told = replace(KNEE, metric="denial_dollars", procedure_code="", denial_reason="")
    assert title(told).startswith("Summit Mutual denies expensive claims more often since around 3 March")


def test_a_data_fault_is_said_first() -> None:
    assert title(replace(KNEE, doubt=DATA)).startswith("Check data first: Summit Mutual started")
    assert doubted(title(replace(KNEE, doubt=DATA)), doubt=US) == title(replace(KNEE, doubt=US))
    assert title(replace(KNEE, doubt=US)).startswith("Check us first: Summit Mutual started")


def test_a_title_fits_its_column() -> None:
    assert len(title(replace(KNEE, payer="P" * 200, location="L" * 200))) == 300


def test_a_reason_without_words_keeps_its_code() -> None:
    assert "for reason CO-999 around" in title(replace(KNEE, denial_reason="CO-999", category="UNSPEC"))


def test_procedures_go_by_our_own_names() -> None:
    assert [procedure(code) for code in ("73721", "99204", "X1")] == [
        "knee MRI (73721)", "office visit, new (99204)", "procedure X1",
    ]  # fmt: skip


def test_money_and_chance() -> None:
    assert money(920_000, 1_480_000) == "$9,200 to $14,800"
    assert [evidence(2.0), evidence(7)] == ["about one in 100 by chance", "less than one in a million by chance"]


def test_deadlines_are_told_with_what_was_missed() -> None:
    standing = {"open": 62, "passed": 13, "passed_cents": 410_000}
    assert deadlines(date(2026, 11, 21), standing) == (
        "Next of 62 open deadlines: 21 November; 13 claims worth $4,100 are past theirs"
    )
    assert deadlines(None, {"open": 0, "passed": 1, "passed_cents": 9_900}) == "1 claim worth $99 is past its own"
    assert deadlines(None, {}) == ""


def test_cheaper_codes() -> None:
    told = replace(
        KNEE, payer="Northstar Health", metric="down_coding", procedure_code="99214", denial_reason="", detail="99213",
        observed=22, decided=60, expected=1.2,
    )  # fmt: skip
    assert title(told) == (
        "Northstar Health pays 99213 where 99214 was billed since around 3 March: 22 of 60 claims, usually 1."
    )
    assert title(replace(told, detail="", location="West")).startswith(
        "Northstar Health pays a cheaper code where 99214 was billed at West since around 3 March"
    )
    assert title(replace(told, detail="", procedure_code="", direction="improve")).startswith(
        "Northstar Health pays a cheaper code where another was billed less often since around 3 March"
    )


def test_money_taken_back() -> None:
    told = replace(KNEE, metric="take_backs", procedure_code="", denial_reason="", observed=30, expected=0.4)
    assert title(told) == (
        "Summit Mutual started taking back payments for claims around 3 March: 30 claims, usually 0."
    )
    more = replace(told, expected=6, procedure_code="73721")
    assert title(more) == (
        "Summit Mutual takes back payments for knee MRI (73721) more often since around 3 March: 30 claims, usually 6."
    )
    less = replace(told, expected=6, observed=1, direction="improve")
    assert title(less) == (
        "Summit Mutual takes back payments for claims less often since around 3 March: 1 claim, usually 6."
    )
    assert title(replace(told, observed=0)).endswith(": no claim is named, usually 0.")


def test_claims_without_an_answer() -> None:
    told = replace(
        KNEE, metric="silent_claims", procedure_code="", denial_reason="", detail="7", observed=31, decided=240,
        expected=2.2,
    )  # fmt: skip
    assert title(told) == (
        "Summit Mutual leaves claims without an answer since around 3 March:"
        " 31 of 240 claims older than 7 weeks, usually 2."
    )
