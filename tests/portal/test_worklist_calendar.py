"""The calendar of the worklist: days on which denials are due, for whoever holds its address."""

from datetime import date

from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from tests.portal.conftest import Practice, browser_of
from upstream.worklist.models import Feed, Item


def address_of(client: Client, **fields: object) -> str:
    page = client.post("/portal/worklist/calendar/change/", {"act": "make", **fields})
    told: str = page.context["address"]
    return told.partition("/portal/")[2]


def test_a_calendar_of_ones_own_deadlines(practice: Practice, manager: Client, five: dict[str, Item]) -> None:
    secret = address_of(manager)
    answer = Client().get(f"/portal/{secret}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event["SUMMARY"] == "1 denial to answer, $100 expected back"
    assert event["DTSTART"].dt == date(2026, 4, 14)
    assert event["DTEND"].dt == date(2026, 4, 15)
    assert event["URL"].endswith("/portal/worklist/?on=2026-04-14&whose=mine")
    with practice.bound():
        feed = Feed.objects.get()
        assert event["UID"] == f"2026-04-14.{feed.public_id}@upstream"
        assert feed.key_hash not in secret
        assert feed.read_at is not None
    again = Client().get(f"/portal/{secret}", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_everybodys_calendar_groups_by_day(practice: Practice, manager: Client, five: dict[str, Item]) -> None:
    with practice.bound():
        Item.objects.filter(pk=five["A"].pk).update(internal_due=date(2026, 2, 20))
    content = Client().get(f"/portal/{address_of(manager, everybody='on')}").content
    found = {str(e["DTSTART"].dt): e["SUMMARY"] for e in Calendar.from_ical(content).walk("VEVENT")}
    assert found == {
        "2026-03-05": "1 denial to answer, $1 expected back",
        "2026-04-14": "2 denials to answer, $109 expected back",
    }
    assert b"Summit" not in content


def test_an_ended_or_wrong_address_answers_nobody(
    practice: Practice, manager: Client, stranger: Client, five: dict[str, Item]
) -> None:
    first = address_of(manager)
    second = address_of(manager)
    assert Client().get(f"/portal/{first}").status_code == 404
    assert Client().get(f"/portal/{second}").status_code == 200
    assert stranger.get(f"/portal/{second}").status_code == 404
    manager.post("/portal/worklist/calendar/change/", {"act": "revoke"})
    assert Client().get(f"/portal/{second}").status_code == 404
    prefix = practice.organization.public_id.hex
    for key in ("", "x", "x.y", prefix, f"{prefix}.", f"{prefix}.wrong", f"{'0' * 32}.x"):
        assert Client().get("/portal/deadlines.ics", {"key": key}).status_code == 404


def test_the_calendar_of_a_former_member_is_closed(practice: Practice, manager: Client) -> None:
    secret = address_of(manager)
    with practice.bound():
        practice.manager.active = False
        practice.manager.save()
    assert Client().get(f"/portal/{secret}").status_code == 404
    assert browser_of(practice.manager).get(reverse("portal:worklist_calendar")).status_code == 302
