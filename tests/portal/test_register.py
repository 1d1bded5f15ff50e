"""The pages of the register: what is left, who is at risk, who decides late, and times that people set."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests import factories
from tests.portal.conftest import NOW, Practice, SignedIn, words_of
from upstream.audit.models import PHIAccess
from upstream.authorizations.models import Entry, PayerSetting, Risk, ToldMark, Use
from upstream.tenants.choices import Role

REGISTER = "/portal/authorizations/"
RISKS, DECISIONS, TIMES = (REGISTER + part for part in ("risks/", "decisions/", "times/"))


def drawn_on(practice: Practice, units: int = 5) -> Entry:
    """An entry with one claim on it that was paid and one at risk."""
    entry = factories.entry(practice.payer, used_units=units, used_claims=2, requested_date=date(2026, 2, 20))
    for number in range(2):
        claim = factories.claim(practice.payer, service_date=date(2026, 3, 2), procedure_code="97110")
        Use.objects.create(
            entry=entry, claim=claim, how="number", units=Decimal(units) / 2, service_date=claim.service_date,
            covers=True, inside=number == 0,
        )  # fmt: skip
    Risk.objects.create(claim=claim, entry=entry, reason="dates", found_on=NOW.date(), service_date=claim.service_date)
    ToldMark.objects.create(entry=entry, mark="30", on_day=NOW.date(), told=True)
    return entry


def test_an_entry_says_what_is_left_and_shows_it_week_by_week(manager: Client, practice: Practice) -> None:
    with practice.bound():
        entry = drawn_on(practice)
    said = words_of(manager, f"{REGISTER}{entry.public_id}/")
    for words in (
        "12 approved, 5 used by 2 claims", "<dt>Left</dt><dd>7", "(in 90 days)", "chart-burndown",
        "outside of the dates",        "ends within 30 days", "its number on the claim",
    ):  # fmt: skip
        assert words in said
    assert "AU1" not in said


def test_number_and_patient_are_shown_on_purpose_and_written_down(
    manager: Client, signed_in: SignedIn, practice: Practice
) -> None:
    with practice.bound():
        entry = factories.entry(practice.payer)
    said = manager.post(f"{REGISTER}{entry.public_id}/people/").content.decode()
    assert "AU1" in said
    assert "Lovelace, Ada" in said
    with practice.bound():
        seen = PHIAccess.objects.values_list("action", "subject")
        assert list(seen) == [("show_authorization", f"authorization:{entry.public_id}")]
    assert signed_in(Role.STAFF).post(f"{REGISTER}{entry.public_id}/people/").status_code == 403


@pytest.mark.parametrize(
    ("query", "services"),
    [
        ("", ["1", "2", "3", "4"]), ("show=near", ["2"]), ("show=valid", ["1", "2"]), ("show=waiting", ["3"]),
        ("show=ended", ["4"]), ("show=other", ["1", "2", "3", "4"]), ("payer=none", ["1", "2", "3", "4"]),
    ],
)  # fmt: skip
def test_the_register_is_narrowed_down(manager: Client, practice: Practice, query: str, services: list[str]) -> None:
    with practice.bound():
        factories.entry(practice.payer, service="1")
        factories.entry(practice.payer, service="2", used_units=11)
        factories.entry(practice.payer, service="3", action="A4")
        factories.entry(practice.payer, service="4", valid_until=date(2026, 2, 1))
    said = words_of(manager, f"{REGISTER}?{query}")
    assert [n for n in "1234" if f'/">{n}</a></th>' in said] == services


def test_late_decisions_are_listed_with_their_clock(manager: Client, practice: Practice) -> None:
    values = {"requested_date": date(2026, 2, 1), "due_at": NOW - timedelta(days=3), "due_source": "contract 4.2"}
    with practice.bound():
        factories.entry(practice.payer, service="late", answered_at=NOW, **values)
        factories.entry(practice.payer, service="never", action="A4", **values)
        factories.entry(practice.payer, service="timely", answered_at=NOW - timedelta(days=4), **values)
        factories.entry(practice.payer, service="unknown", requested_date=date(2026, 2, 1))
    said = words_of(manager, DECISIONS)
    numbers = '<td class="number">1</td><td class="number">1</td><td class="number">1</td><td class="number">0</td>'
    assert f'{numbers}<td class="number">1</td>' in said
    assert all(words in said for words in ("contract 4.2", ">late</a>", ">never</a>", "not yet"))
    assert ">timely</a>" not in said


def test_claims_at_risk_say_why(manager: Client, practice: Practice) -> None:
    with practice.bound():
        drawn_on(practice)
    said = words_of(manager, f"{RISKS}?show=dates")
    assert "<dt>The service is outside the authorized dates</dt><dd>1 claim, $100 billed</dd>" in said
    assert "No claim is at risk" in words_of(manager, f"{RISKS}?show=units")


def test_times_are_set_shown_and_taken_back(manager: Client, practice: Practice, signed_in: SignedIn) -> None:
    assert "CMS-0057-F" in words_of(manager, TIMES)
    sent = {"kind": "standard", "value": "72", "payer": str(practice.payer.public_id), "source": "contract 4.2"}
    assert manager.post(f"{TIMES}set/", sent).status_code == 302
    assert "contract 4.2" in words_of(manager, TIMES)
    assert manager.post(f"{TIMES}set/", {**sent, "value": "0"}).status_code == 422
    with practice.bound():
        said = PayerSetting.objects.get()
    manager.post(f"{TIMES}{said.public_id}/take-back/")
    with practice.bound():
        assert list(PayerSetting.objects.order_by("pk").values_list("value", flat=True)) == [72, None]
    assert signed_in(Role.AUDITOR).post(f"{TIMES}set/", sent).status_code == 403


@pytest.mark.parametrize(("path", "queries"), [("", 21), ("risks/", 23), ("decisions/", 21), ("times/", 21)])
@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(
    rows: int, path: str, queries: int, manager: Client, practice: Practice,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    with practice.bound():
        for number in range(rows):
            drawn_on(practice)
            PayerSetting.objects.create(
                payer=practice.payer, kind="lead", value=number + 1, valid_from=NOW.date(), said_by="x", at=NOW
            )
    manager.get(REGISTER + path)
    with django_assert_num_queries(queries):
        manager.get(REGISTER + path)


@pytest.mark.parametrize("rows", [1, 3])
def test_an_entry_asks_as_often_however_many_claims_draw_on_it(
    rows: int, manager: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        entry = drawn_on(practice)
        for _ in range(rows):
            Use.objects.create(
                entry=entry, claim=factories.claim(practice.payer), how="person", units=1, covers=True, inside=True
            )
    path = f"{REGISTER}{entry.public_id}/"
    manager.get(path)
    with django_assert_num_queries(22):
        manager.get(path)
