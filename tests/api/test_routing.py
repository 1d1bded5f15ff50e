"""Who is told, by API: the same services as in the portal, with versions, previews and refusals that name the part."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from pytest_django import Settings

from tests import factories
from tests.api.conftest import Caller, rows_of
from tests.factories import NOON, findings
from tests.factories.telling import POLICY, tell_all
from upstream.core import tenancy
from upstream.routing.models import Mute, Rule
from upstream.tenants.choices import Role


@pytest.fixture(autouse=True)
def monday_noon(settings: Settings) -> None:
    settings.FIXED_NOW = NOON


def told(response: HttpResponse) -> Any:
    return json.loads(response.content)


def person(us: Caller) -> str:
    """The public id of an owner of our practice."""
    with tenancy.bind(us.practice.pk):
        return str(factories.member(Role.OWNER).user.public_id)


def rule_of(us: Caller, **changes: Any) -> dict[str, Any]:
    target = {"kind": "member", "ref": person(us)}
    return {"name": "Imaging", "scope": {"codes": ["73721"], "least": "100.50"}, "targets": [target], **changes}


def test_the_policy_is_read_and_written_by_version(us: Caller) -> None:
    assert told(us.get("routing-policy/"))["version"] == 1
    written = told(us("PUT", "routing-policy/", POLICY))
    assert written == {**POLICY, "version": 2, "time_zone": "America/Chicago"}
    again = us("PUT", "routing-policy/", {**POLICY, "weekly_budget": 3})
    assert (again.status_code, told(again)["code"]) == (409, "changed_meanwhile")


def test_a_rule_is_made_once_read_changed_tried_and_ended(us: Caller) -> None:
    body = rule_of(us)
    made = us.post("routing-rules/", body, Idempotency_Key="one")
    assert made.status_code == 201
    assert told(us.post("routing-rules/", body, Idempotency_Key="one"))["id"] == told(made)["id"]
    (listed,) = rows_of(us.get("routing-rules/"))
    assert listed["scope"]["codes"] == ["73721"]
    assert (listed["scope"]["least"], listed["targets"]) == ("100.50", [{**body["targets"][0], "after_hours": 0}])
    place = f"routing-rules/{listed['id']}/"
    changed = told(us("PUT", place, {**body, "version": 1, "name": "MRI"}))
    assert (changed["name"], changed["version"]) == ("MRI", 2)
    assert us("PUT", place, {**body, "version": 1}).status_code == 409
    assert told(us.post(f"{place}test/")) == {"told": 1}
    assert told(us.post(f"{place}end/", {"version": 2}))["ended_at"] is not None
    assert rows_of(us.get("routing-rules/")) == []
    assert told(us.post(f"{place}put-back/", {"version": 3}))["ended_at"] is None
    assert told(us.get(place))["version"] == 4


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"scope": {"condition": "lost >"}}, 422, "condition"),
        ({"scope": {"colour": "red"}}, 400, "invalid"),
        ({"scope": {"payers": ["00000000-0000-4000-8000-00000000abcd"]}}, 422, "payers"),
        ({"targets": []}, 422, "targets"),
        ({"targets": [{"kind": "role", "ref": "owner", "loud": True}]}, 400, "invalid"),
    ],
)
def test_what_cannot_be_is_refused(us: Caller, changes: dict[str, Any], status: int, code: str) -> None:
    answer = us.post("routing-rules/", rule_of(us, **changes))
    assert (answer.status_code, told(answer)["code"]) == (status, code)
    with tenancy.bind(us.practice.pk):
        assert not Rule.objects.exists()


def test_a_condition_is_tried_on_the_last_year(us: Caller) -> None:
    with tenancy.bind(us.practice.pk):
        run = findings.run()
        findings.opening(findings.incident(factories.payer("Summit Mutual"), run))
    scope = {"condition": 'payer == "Summit Mutual" && lost > 1000.0'}
    found = told(us.post("routing-preview/", {"scope": scope}))
    assert (found["raised"], [past["lost"] for past in found["found"]]) == (1, ["4000.00"])


def test_turns_say_who_is_on_call(us: Caller) -> None:
    one, two = person(us), person(us)
    body = {"name": "Desk", "members": [one, two], "weekday": 0, "at": "08:00", "since": "2026-02-23"}
    made = told(us.post("routing-rotas/", body))
    assert (made["members"], made["on_call"]) == ([one, two], one)
    place = f"routing-rotas/{made['id']}/"
    assert told(us("PUT", place, {**body, "version": 1, "members": [two]}))["on_call"] == two
    week = {"version": 2, "week": "2026-03-02"}
    instead = told(us.post(f"{place}stand-in/", {**week, "member": one}, Idempotency_Key="swap"))
    assert (instead["on_call"], instead["substitutes"]) == (two, [{"week": "2026-03-02", "member": one}])
    assert told(us.post(f"{place}stand-in/", {**week, "member": one}, Idempotency_Key="swap")) == instead
    assert us.post(f"{place}stand-down/", week).status_code == 409
    assert told(us.post(f"{place}stand-down/", {**week, "version": 3}))["substitutes"] == []
    assert us.post(f"{place}end/", {"version": 4}).status_code == 200
    assert rows_of(us.get("routing-rotas/")) == []


def test_a_mute_and_planned_work_are_made_and_taken_back(us: Caller) -> None:
    until = (NOON + timedelta(days=9)).isoformat()
    made = told(us.post("routing-mutes/", {"scope": {"codes": ["73721"]}, "reason": "Known", "expires_at": until}))
    assert made["author"] == f"client:{us.client.client_id}"
    ended = told(us.post(f"routing-mutes/{made['id']}/end/", {"version": 1}))
    assert ended["ended_at"] is not None
    assert us.post(f"routing-mutes/{made['id']}/put-back/", {"version": 2}).status_code == 200
    assert [row["ended_at"] for row in rows_of(us.get("routing-mutes/"))] == [None]
    work = {"name": "Move", "starts_at": NOON.isoformat(), "ends_at": until}
    window = told(us.post("routing-windows/", work))
    assert us.post(f"routing-windows/{window['id']}/end/", {"version": 1}).status_code == 200
    assert us.post(f"routing-windows/{window['id']}/end/", {"version": 2}).status_code == 409
    assert us.post(f"routing-windows/{window['id']}/put-back/", {"version": 2}).status_code == 200
    assert us.post(f"routing-windows/{window['id']}/put-back/", {"version": 3}).status_code == 409
    assert us.post("routing-mutes/", {"scope": {}, "reason": "x", "expires_at": until}).status_code == 422
    with tenancy.bind(us.practice.pk):
        assert Mute.objects.count() == 1


def test_what_was_said_and_learned_is_listed(us: Caller, stranger: Caller) -> None:
    with tenancy.bind(us.practice.pk):
        factories.member()
        summit = factories.payer("Summit Mutual")
        run = findings.run()
        findings.opening(findings.incident(summit, run))
        for _ in range(2):
            findings.incident(summit, run, state="resolved", outcome="noise")
        tell_all()
    rows = rows_of(us.get("routing-notices/"))
    assert [(row["channel"], row["state"]) for row in rows] == [("mail", "sent"), ("portal", "sent")]
    (own, every) = rows_of(us.get("routing-learned/"))
    assert (own["payer"], own["noise"], own["strength"], every["payer"]) == ("Summit Mutual", 2, "strong", "All payers")
    assert rows_of(stranger.get("routing-notices/")) == []


def test_who_may_read_alone_changes_nothing(caller_of: Any) -> None:
    reader = caller_of(factories.organization(), "read")
    assert reader.get("routing-policy/").status_code == 200
    assert reader("PUT", "routing-policy/", POLICY).status_code == 403
    assert reader.post("routing-rules/", {}).status_code == 403
    assert reader.get("routing-notices/").status_code == 403
