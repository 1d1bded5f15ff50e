"""Recovered and avoided money: tied to answers, each once, to the cent, through merges, closings and take-backs."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pytest_django import Settings

from tests.factories import NOON, batch, claim, findings, organization, payer
from upstream.alerts import joining, ledger, ledger_queries, services
from upstream.alerts.models import Incident, ValueLine
from upstream.alerts.stage import VALUE
from upstream.claims.choices import Outcome
from upstream.claims.models import Adjudication, Claim, Payer
from upstream.core import tenancy

ANA = "user:ana"
YEAR = date(2026, 1, 1), date(2026, 12, 31)


@pytest.fixture
def of_payer(db: None, settings: Settings) -> Iterator[Payer]:
    settings.FIXED_NOW = NOON
    made = organization()
    with tenancy.bind(made.pk):
        yield payer("Summit Mutual")


@pytest.fixture
def incident(of_payer: Payer) -> Incident:
    """Told as of 1 March 2026; two denied claims behind it that cost $300 each."""
    made = findings.incident(of_payer, findings.run())
    findings.behind(made, *(denied(of_payer) for _ in range(2)), cents=36_000)
    made.members.update(lost_cents=30_000)
    return made


def denied(of_payer: Payer, **facts: Any) -> Claim:
    known = datetime(2026, 2, 20, 18, tzinfo=UTC)
    told = {"outcome": Outcome.DENIED, "denial_group": "CO", "denial_carc": "197", "decision_known_at": known}
    return claim(of_payer, **{**told, "paid_cents": 0, **facts})


def answer(of_claim: Claim, day: date, cents: int, **facts: Any) -> Adjudication:
    """The payer's answer to the claim, known at noon of the day."""
    known = datetime(day.year, day.month, day.day, 18, tzinfo=UTC)
    count = Adjudication.objects.count()
    values: dict[str, Any] = {
        "batch_id": batch().pk, "payer_id": of_claim.payer_id, "event_bidx": count.to_bytes(16, "big"), "position": 9,
        "outcome": Outcome.PAID, "billed_cents": 40_000, "paid_cents": cents, "known_at": known,
        "payment_date": day, "check_number": f"CHK{count}",
    }  # fmt: skip
    return Adjudication.objects.create(claim=of_claim, **{**values, **facts})


def settled() -> list[tuple[str, str, int, int]]:
    """Month, kind, paid and counted of every line."""
    assert list(VALUE.ready()) == [tenancy.required()]
    assert VALUE.take(tenancy.required())
    rows = ValueLine.objects.order_by("day", "pk")
    return [(f"{row.day:%Y-%m}", row.kind, row.paid_cents, row.counted_cents) for row in rows]


def test_what_is_paid_after_the_incident_was_told_is_recovered_and_what_is_taken_back_is_not(
    incident: Incident,
) -> None:
    first, second = (row.claim for row in incident.members.select_related("claim").order_by("pk"))
    answer(first, date(2026, 2, 27), 1_000)
    paid = answer(first, date(2026, 3, 20), 36_000)
    answer(second, date(2026, 4, 2), 12_345)
    answer(first, date(2026, 5, 5), -36_000, outcome=Outcome.REVERSED, reverses=paid)
    assert settled() == [
        ("2026-03", "recovered", 35_000, 30_000),
        ("2026-04", "recovered", 12_345, 12_345),
        ("2026-05", "recovered", -35_000, -30_000),
    ]
    months = ledger_queries.months(*YEAR)
    assert [(one.month, one.paid, one.recovered) for one in months] == [
        (date(2026, 3, 1), 35_000, 30_000), (date(2026, 4, 1), 12_345, 12_345), (date(2026, 5, 1), -35_000, -30_000),
    ]  # fmt: skip
    (whole,) = ledger_queries.by_incident(*YEAR)
    assert (whole.incident, whole.paid, whole.recovered, whole.avoided) == (incident, 12_345, 12_345, 0)
    assert ledger_queries.value_of_incident(incident).recovered == 12_345


def test_a_replacement_that_is_paid_counts_for_the_claim_it_replaces_and_once(incident: Incident) -> None:
    first, second = (row.claim for row in incident.members.select_related("claim").order_by("pk"))
    Claim.objects.filter(pk=second.pk).update(family_key=first.number_bidx)
    answer(second, date(2026, 3, 20), 36_000)
    assert settled() == [("2026-03", "recovered", 36_000, 30_000)]
    assert ValueLine.objects.get().claim_id == first.pk


def test_the_ledger_is_settled_again_only_when_something_came(incident: Incident) -> None:
    answer(incident.members.first().claim, date(2026, 3, 20), 100)
    settled()
    line = ValueLine.objects.get()
    assert list(VALUE.ready()) == []
    assert not ledger.settle()
    services.comment(incident, text="It came.", actor=ANA)
    assert settled() == [("2026-03", "recovered", 100, 100)]
    assert ValueLine.objects.get() == line


def test_noise_recovers_nothing_until_that_is_taken_back(incident: Incident) -> None:
    answer(incident.members.first().claim, date(2026, 3, 20), 100)
    services.move(incident, to_state="false", actor=ANA)
    assert settled() == []
    services.undo(incident, actor=ANA)
    assert settled() == [("2026-03", "recovered", 100, 100)]


def test_a_claim_behind_two_incidents_counts_once_and_a_merge_changes_no_sum(incident: Incident) -> None:
    shared = incident.members.first().claim
    later = findings.incident(incident.payer, incident.last_run, first_as_of=date(2026, 3, 8))
    findings.behind(later, shared, denied(incident.payer), cents=36_000)
    later.members.update(lost_cents=20_000)
    for row in later.members.select_related("claim"):
        answer(row.claim, date(2026, 4, 2), 25_000)
    before = settled()
    assert sorted(before) == [("2026-04", "recovered", 25_000, 20_000), ("2026-04", "recovered", 25_000, 25_000)]
    joining.merge(incident, part=later, actor=ANA)
    assert sorted(settled()) == sorted(before)
    assert set(ValueLine.objects.values_list("incident", flat=True)) == {incident.pk}


@pytest.mark.parametrize("fields", [{"metric": "payment_delay"}, {"direction": "improve"}])
def test_what_is_only_late_or_better_recovers_nothing(incident: Incident, fields: dict[str, str]) -> None:
    answer(incident.members.first().claim, date(2026, 3, 20), 100)
    if "metric" in fields:
        Incident.objects.update(finding={**incident.finding, "family": "delay"}, **fields)
    else:
        Incident.objects.update(**fields)
    assert settled() == []


def test_after_our_own_process_is_put_right_claims_count_as_avoided_and_denied_ones_against_it(
    incident: Incident, settings: Settings
) -> None:
    services.move(incident, to_state="resolved", outcome="our_process", actor=ANA)
    known = datetime(2026, 4, 10, 18, tzinfo=UTC)
    facts = {"procedure_code": "73721", "submitted_date": date(2026, 3, 16), "decision_known_at": known}
    sent = [claim(incident.payer, **facts, paid_cents=36_000), denied(incident.payer, **facts)]
    claim(incident.payer, **{**facts, "procedure_code": "99213"})
    claim(incident.payer, **{**facts, "submitted_date": date(2026, 3, 2)})
    claim(incident.payer, **{**facts, "submitted_date": date(2026, 3, 2) + timedelta(weeks=13, days=1)})
    taken = claim(incident.payer, **facts)
    answer(sent[0], date(2026, 4, 10), 36_000)
    answer(sent[1], date(2026, 4, 10), 0, outcome=Outcome.DENIED)
    answer(taken, date(2026, 4, 10), 100)
    answer(taken, date(2026, 4, 11), -100, outcome=Outcome.REVERSED)
    assert settled() == [("2026-04", "avoided", 36_000, 11_160), ("2026-04", "avoided", 0, -24_840)]
    services.undo(incident, actor=ANA)
    assert settled() == []
