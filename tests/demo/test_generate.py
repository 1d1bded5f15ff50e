import hashlib
from datetime import date, timedelta

import pytest

from tests.demo.reading import LAST_WEEK, World
from upstream.core.errors import Invalid
from upstream.samples.invented.generate import generate, truth
from upstream.samples.invented.practices import LAKESIDE, QUIETWATER, Practice


def digest(practice: Practice, last_week: date, weeks: int) -> str:
    whole = hashlib.sha256()
    for file in generate(practice, last_week, weeks):
        whole.update(f"{file.name} {file.known_on} {file.kind}".encode() + file.content)
    return whole.hexdigest()


def test_equal_arguments_give_equal_bytes() -> None:
    assert digest(LAKESIDE, LAST_WEEK, 26) == digest(LAKESIDE, LAST_WEEK, 26)
    assert digest(QUIETWATER, LAST_WEEK, 26) != digest(QUIETWATER, LAST_WEEK - timedelta(days=7), 26)


def test_files_come_in_the_order_in_which_they_became_known(world: World) -> None:
    order = [(file.known_on, file.kind) for file in world.files]
    assert order == sorted(order)
    assert order[0][0] == LAST_WEEK - timedelta(days=7 * 103 - 6)
    assert order[-1] == (LAST_WEEK + timedelta(days=6), "x12")
    assert len({file.name for file in world.files}) == len(world.files)
    assert sum(file.kind == "csv" for file in world.files) == 104


def test_nothing_is_told_before_it_happened(world: World) -> None:
    for file in world.files:
        if file.kind == "csv":
            submitted = [row.split(b",")[11].decode() for row in file.content.splitlines()[1:]]
            assert all(
                file.known_on - timedelta(days=6) <= date.fromisoformat(day) <= file.known_on for day in submitted
            )
    for transaction in world.transactions:
        for payment in transaction.payments:
            row = world.claims[payment.number][0]
            assert row["service_date"] < row["submitted_date"] < payment.paid_on.isoformat() <= "2026-11-15"


def test_every_remitted_claim_was_sent_as_it_was_billed(world: World) -> None:
    for transaction in world.transactions:
        for payment in transaction.payments:
            rows = world.claims[payment.number]
            assert [service.code.split(":")[1] for service in payment.services] == [r["procedure_code"] for r in rows]
            assert f"{abs(payment.charge):.2f}" == f"{sum(float(row['billed']) for row in rows):.2f}"
            assert payment.payer == rows[0]["payer_id"]


def test_people_are_consistent_within_an_encounter(world: World) -> None:
    replaced = [rows[0] for rows in world.claims.values() if rows[0]["frequency_code"] == "7"]
    assert len(replaced) > 500
    for row in replaced:
        original = world.claims[row["original_claim_id"]][0]
        same = ("patient_account", "patient_last_name", "member_id", "service_date", "payer", "procedure_code")
        assert [row[key] for key in same] == [original[key] for key in same]
        assert row["submitted_date"] > original["submitted_date"]
    accounts = [rows[0]["patient_account"] for rows in world.claims.values() if rows[0]["claim_id"][-1].isdigit()]
    assert len(set(accounts)) == len(accounts)


def test_provider_numbers_pass_the_luhn_check(world: World) -> None:
    numbers = {rows[0][key] for rows in world.claims.values() for key in ("rendering_npi", "billing_npi")}
    assert len(numbers) == world.practice.clinicians + 1
    for number in numbers:
        digits = [int(digit) for digit in "80840" + number]
        doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
        assert (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def test_both_practices_are_small_enough_for_a_fast_demo(lakeside: World, quietwater: World) -> None:
    sizes = [len(lakeside.claims), len(quietwater.claims)]
    assert sum(sizes) <= 76_000
    assert 40_000 <= sizes[0] <= 48_000
    assert 25_000 <= sizes[1] <= 30_000


def test_both_practices_are_made_in_seconds(lakeside: World, quietwater: World) -> None:
    assert lakeside.seconds + quietwater.seconds < 15


def test_the_last_week_must_begin_on_a_monday() -> None:
    with pytest.raises(Invalid, match="Monday"):
        list(generate(LAKESIDE, date(2026, 11, 10)))
    with pytest.raises(Invalid, match="one week"):
        list(generate(LAKESIDE, LAST_WEEK, 0))


def test_truth_dates_the_planted_changes() -> None:
    assert [(change.onset, change.scope) for change in truth(LAKESIDE, LAST_WEEK)] == [
        (date(2026, 7, 20), {"payer": "Harbor Advantage"}),
        (date(2026, 8, 24), {"payer": "Summit Mutual", "procedure_code": "73721", "denial_reason": "CO-197"}),
        (date(2026, 9, 21), {"payer": "Northstar Health", "location": "Westgate", "denial_reason": "CO-16"}),
    ]
    assert truth(QUIETWATER, LAST_WEEK) == []
