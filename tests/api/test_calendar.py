"""The calendar as integrators read it: the practice's own word, and what all practices share."""

import json
from datetime import date

from tests import factories
from tests.api.conftest import Caller
from upstream.core import tenancy
from upstream.detection.calendar import services

JANUARY = "calendar/?first=2026-01-10&last=2026-01-31"


def test_events_of_some_weeks_by_date(us: Caller, stranger: Caller) -> None:
    with tenancy.bind(us.practice.pk):
        payer = factories.payer("Summit Mutual")
        row = services.add(
            name="Portal outage", kind="outage", first=date(2026, 1, 14), last=None, effect="mask", payers=[payer.pk],
            source="notice", actor="user:someone",
        )  # fmt: skip
    body = json.loads(us.get(JANUARY).content)
    assert (body["first"], body["last"]) == ("2026-01-10", "2026-01-31")
    assert [event["name"] for event in body["events"]] == [
        "New plan year", "Portal outage", "Martin Luther King Jr. Day",
    ]  # fmt: skip
    assert body["events"][1] == {
        "id": str(row.public_id), "name": "Portal outage", "kind": "outage", "first_day": "2026-01-14",
        "last_day": None, "effect": "mask", "payers": [{"id": str(payer.public_id), "name": "Summit Mutual"}],
        "source": "notice", "known_from": "2026-01-14",
    }  # fmt: skip
    assert body["events"][0]["id"] is None
    assert "Portal outage" not in stranger.get(JANUARY).content.decode()


def test_an_event_that_was_taken_back_is_gone(us: Caller) -> None:
    with tenancy.bind(us.practice.pk):
        row = services.add(
            name="Outage", kind="outage", first=date(2026, 1, 14), last=None, effect="note", actor="user:someone"
        )
        services.take_back(row, actor="user:someone")
    assert "Outage" not in us.get(JANUARY).content.decode()


def test_a_word_that_is_no_date_is_refused(us: Caller) -> None:
    assert us.get("calendar/?first=soon").status_code == 400
    assert us.get("calendar/?odd=1").status_code == 400
