"""Contracts and underpaid lines as people see and move them."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import findings, prices
from tests.portal.conftest import Practice, SignedIn, words_of
from upstream.contracts import queries
from upstream.contracts.models import Contract, Leeway, PricedSum, Rate, ShortLine
from upstream.tenants.choices import Role

CONTRACTS, UNDERPAID = "/portal/contracts/", "/portal/underpaid/"
NEW = {
    "version": 1,
    "name": "Summit 2026",
    "effective_from": "2026-01-01",
    "lesser_of": "on",
    "tolerance_cents": "2.50",
}


def of_payer(practice: Practice) -> str:
    return f"/portal/payers/{practice.payer.public_id}/contracts/"


def measured(practice: Practice, code: str = "99213", reason: str = "", short: int = 0) -> None:
    PricedSum.objects.create(
        payer=practice.payer, sent_week=date(2026, 1, 5), week=date(2026, 2, 2), procedure_code=code, reason=reason,
        lines=4, billed_cents=40_000, allowed_cents=28_000, expected_cents=0 if reason else 32_000,
        short_lines=4 if short else 0, short_cents=short,
    )  # fmt: skip


def test_a_contract_is_written_down_loaded_and_taken_back(manager: Client, practice: Practice) -> None:
    answer = manager.post(f"{of_payer(practice)}add/", NEW)
    with practice.bound():
        made = Contract.objects.get()
    assert (answer.url, made.tolerance_cents, made.lesser_of) == (f"{CONTRACTS}{made.public_id}/", 250, True)
    file = SimpleUploadedFile("fees.csv", f"{prices.HEADER}\n99213,,,80.00,,,\n99214,,home,1,,,\n".encode())
    said = manager.post(f"{answer.url}load/", {"file": file}, follow=True).content.decode()
    for words in ("1 price added", "1 row refused", "line 3, place_of_service", "$80.00", "until the next"):
        assert words in said
    assert manager.get(f"{answer.url}prices.csv").content.decode().splitlines() == [
        prices.HEADER, "99213,,,80.00,,2026-01-01,",
    ]  # fmt: skip
    refused = manager.post(f"{answer.url}change/", {**NEW, "version": 9})
    assert (refused.status_code, "somebody has changed this contract" in refused.content.decode()) == (422, True)
    manager.post(f"{answer.url}switch/", {"version": 1})
    assert "Taken back: it prices nothing" in words_of(manager, answer.url)


def test_a_wrong_price_is_said_where_it_is_wrong(manager: Client, practice: Practice) -> None:
    with practice.bound():
        made = prices.contract(practice.payer)
    there = f"{CONTRACTS}{made.public_id}/"
    refused = manager.post(f"{there}price/", {"procedure_code": "99213", "price": "many"})
    assert (refused.status_code, "not an amount in dollars" in refused.content.decode()) == (422, True)
    manager.post(f"{there}price/", {"procedure_code": "99213", "price": "80"})
    manager.post(f"{there}modifier/", {"code": "50", "percent": "150 %"})
    with practice.bound():
        assert Rate.objects.get().cents == 8_000
        assert [str(row.percent) for row in queries.modifiers_of(made) if row.code == "50"] == ["150.000"]
    refused = manager.post(f"{of_payer(practice)}add/", {**NEW, "name": "Twice"})
    assert "overlaps “Known to Lakeside alone”" in refused.content.decode()


def test_coverage_names_what_is_not_priced(manager: Client, practice: Practice) -> None:
    with practice.bound():
        measured(practice, short=1_000)
        measured(practice, "73721", "no_code")
    said = words_of(manager, of_payer(practice))
    for words in ("50%: 4 of 8 lines", "$10.00 on 4 lines", "73721", "no price for the procedure", "$280.00"):
        assert words in said


def test_sums_are_those_of_the_rows_to_the_cent(manager: Client, practice: Practice) -> None:
    with practice.bound():
        made = prices.contract(practice.payer)
        prices.fees(made, "99213,,,80.00,,,")
        for cents in (1_001, 2_002, 3_003):
            prices.short_line(made, short_cents=cents)
        prices.short_line(made, short_cents=77, state="rejected")
    said = words_of(manager, UNDERPAID)
    assert "<dt>Short</dt><dd>$60.06</dd>" in said
    rows = manager.get("/portal/underpaid.csv").content.decode().splitlines()
    assert sorted(row.split(",")[13] for row in rows[1:]) == ["10.01", "20.02", "30.03"]
    assert "<dt>Short</dt><dd>$0.77</dd>" in words_of(manager, f"{UNDERPAID}?state=rejected")
    assert "<dt>Short</dt><dd>$0.00</dd>" in words_of(manager, f"{UNDERPAID}?code=99999")


def test_lines_are_moved_alone_and_together_and_moved_back(manager: Client, practice: Practice) -> None:
    with practice.bound():
        made = prices.contract(practice.payer)
        prices.fees(made, "99213,,,80.00,,,")
        one, other = prices.short_line(made), prices.short_line(made)
    there = f"{UNDERPAID}{one.public_id}/"
    manager.post(f"{there}move/", {"version": 1, "to": "sent", "note": "letter of 2 March"})
    assert "letter of 2 March" in words_of(manager, there)
    manager.post(f"{there}move/", {"version": 2, "to": "recovered", "recovered": "6.50"})
    assert "<dt>Recovered</dt><dd>$6.50</dd>" in words_of(manager, there)
    manager.post(f"{there}undo/", {"version": 3})
    manager.post(f"{UNDERPAID}move/", {"line": [f"{one.public_id}.4", f"{other.public_id}.1"], "to": "rejected"})
    with practice.bound():
        assert sorted(ShortLine.objects.values_list("state", "version")) == [("rejected", 2), ("rejected", 5)]
    late = manager.post(f"{there}move/", {"version": 1, "to": "reviewed"}, follow=True)
    assert "somebody has moved this line meanwhile" in late.content.decode()


def test_who_may_change_what(manager: Client, signed_in: SignedIn, practice: Practice) -> None:
    with practice.bound():
        made = prices.contract(practice.payer)
        prices.fees(made, "99213,,,80.00,,,")
        line = prices.short_line(made)
    auditor = signed_in(Role.AUDITOR)
    assert auditor.post(f"{CONTRACTS}{made.public_id}/load/").status_code == 403
    assert auditor.post(f"{UNDERPAID}{line.public_id}/move/").status_code == 403
    assert "Move the ticked lines" not in words_of(auditor, UNDERPAID)
    manager.post(f"{UNDERPAID}tolerance/", {"cents": "5.00", "percent": "2"})
    with practice.bound():
        assert list(Leeway.objects.values_list("cents", flat=True)) == [500]
    assert "more than $5.00 and 2%" in words_of(manager, UNDERPAID)


def test_an_incident_of_prices_says_what_contracts_say(manager: Client, practice: Practice) -> None:
    with practice.bound():
        incident = findings.incident(
            practice.payer, practice.run, metric="underpayment", procedure_code="99213", onset_week=date(2026, 1, 26)
        )
    there = f"/portal/incidents/{incident.public_id}/"
    assert "A change in payer pricing" in words_of(manager, there)
    with practice.bound():
        measured(practice, short=1_000)
        measured(practice, reason="modifier")
    said = words_of(manager, there)
    assert "Against contract: 4 of 8 lines priced" in said
    assert "$10.00 below contract" in said


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_take_as_many_queries_for_three_rows_as_for_one(manager: Client, practice: Practice, rows: int) -> None:
    with practice.bound():
        made = prices.contract(practice.payer)
        for number in range(rows):
            prices.fees(made, f"9921{number},,,80.00,,,")
            line = prices.short_line(made)
            measured(practice, f"9921{number}", "no_code")
    asked = (UNDERPAID, of_payer(practice), f"{CONTRACTS}{made.public_id}/", f"{UNDERPAID}{line.public_id}/")
    manager.get(UNDERPAID)
    taken = []
    for address in asked:
        with CaptureQueriesContext(connection) as queries_taken:
            assert manager.get(address).status_code == 200
        taken.append(len(queries_taken))
    assert taken == [25, 23, 25, 22]
