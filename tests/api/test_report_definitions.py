"""Reports that are set up over the API: the same services as the portal's, with versions and idempotency keys."""

import json
from typing import Any

import pytest

from tests.api.conftest import Caller, asked_of_database, told
from tests.factories import NOON, findings
from upstream.core import tenancy
from upstream.reports.models import Definition, Schedule

WANTED: dict[str, Any] = {"kind": "weekly", "title": "For the board", "when": "Mondays 07:00", "formats": ["pdf"]}


@pytest.fixture(autouse=True)
def monday(settings: Any) -> None:
    settings.FIXED_NOW = NOON


def added(us: Caller, **changed: Any) -> Any:
    return json.loads(us.post("report-definitions/", {**WANTED, **changed}).content)


def test_a_definition_is_set_up_once_under_its_key_and_told_back(us: Caller) -> None:
    answers = [us.post("report-definitions/", WANTED, Idempotency_Key="one") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    row = json.loads(answers[0].content)
    assert row == json.loads(answers[1].content) == json.loads(us.get(f"report-definitions/{row['id']}/").content)
    assert {**row, "id": ""} == {
        "id": "", "version": 1, "kind": "weekly", "title": "For the board", "about": "", "when": "Mondays 07:00",
        "cron": "0 7 * * 1", "time_zone": "America/Chicago", "active": True,
        "next": ["2026-03-02T13:00:00+00:00", "2026-03-09T12:00:00+00:00", "2026-03-16T12:00:00+00:00"],
        "formats": ["pdf"], "paper": "", "roles": ["owner", "manager"], "members": [], "attach": True,
        "kept_days": None, "ended_at": None,
    }  # fmt: skip
    with tenancy.bind(us.practice.pk):
        assert Definition.objects.get().made_by == f"client:{us.client.client_id}"


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"when": "now and then"}, 422, "when"), ({"kind": "yearly"}, 422, "report_kind"),
        ({"time_zone": "Mars/Olympus"}, 422, "zone"), ({"formats": ["csv"]}, 400, "invalid"),
        ({"roles": ["janitor"]}, 400, "invalid"), ({"kept_days": 1}, 400, "invalid"), ({"tenant": 1}, 400, "invalid"),
        ({"members": ["00000000-0000-0000-0000-000000000001"]}, 422, "people"),
    ],
)  # fmt: skip
def test_a_wrong_wish_is_refused(us: Caller, changed: dict[str, Any], status: int, code: str) -> None:
    response = us.post("report-definitions/", {**WANTED, **changed})
    assert (response.status_code, told(response)["code"]) == (status, code)
    with tenancy.bind(us.practice.pk):
        assert not Definition.objects.exists()


def test_who_has_read_an_old_version_overwrites_nothing(us: Caller) -> None:
    path = f"report-definitions/{added(us)['id']}/"
    first = us("PUT", path, {**WANTED, "title": "Mine", "version": 1})
    second = us("PUT", path, {**WANTED, "title": "Yours", "version": 1})
    assert (first.status_code, second.status_code) == (200, 409)
    assert told(second)["code"] == "changed_meanwhile"
    assert json.loads(us.get(path).content)["title"] == "Mine"


def test_each_move_and_its_opposite(us: Caller) -> None:
    row = added(us)
    path, seen = f"report-definitions/{row['id']}/moves/", []
    for version, move in enumerate(("pause", "resume", "end", "put_back"), start=1):
        said = json.loads(us.post(path, {"move": move, "version": version}).content)
        seen.append((said["version"], said["active"], said["ended_at"] is None))
    assert seen == [(2, False, True), (3, True, True), (4, False, False), (5, True, True)]
    assert us.post(path, {"move": "undo", "version": 5}).status_code == 409


def test_a_report_of_a_definition_is_asked_for_stopped_and_tried_again(us: Caller) -> None:
    row = added(us)
    run = json.loads(us.post("reports/", {"definition": row["id"], "as_of": "2026-03-01"}).content)
    assert (run["definition"], run["title"], run["state"]) == (row["id"], "For the board", "due")
    moves = f"reports/{run['id']}/moves/"
    states = [json.loads(us.post(moves, {"move": move}).content).get("state") for move in ("cancel", "again")]
    assert states == ["cancelled", "due"]
    assert us.post(moves, {"move": "again"}).status_code == 409


def test_kinds_say_what_they_are(us: Caller) -> None:
    kinds = {row["kind"]: row for row in json.loads(us.get("report-kinds/").content)["results"]}
    assert kinds["weekly"] == {
        "kind": "weekly", "title": "Weekly report", "formats": ["pdf", "xlsx"], "period": "week", "confidential": False,
        "says": kinds["weekly"]["says"],
    }  # fmt: skip


def test_how_long_files_are_kept_is_read_and_said(us: Caller) -> None:
    first = json.loads(us.get("report-policy/").content)
    assert first == {"version": 1, "kept_days": 730, "may_attach": True}
    said = us("PUT", "report-policy/", {"version": 1, "kept_days": 90, "may_attach": False})
    assert json.loads(said.content) == {"version": 2, "kept_days": 90, "may_attach": False}
    assert us("PUT", "report-policy/", {**first, "kept_days": 60}).status_code == 409


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_four_queries(us: Caller, rows: int) -> None:
    with tenancy.bind(us.practice.pk):
        for number in range(rows):
            made = findings.definition(title=f"Report {number}")
            Schedule.objects.create(definition=made, cron="0 7 * * 1", zone="UTC", since=NOON)
    with asked_of_database() as asked:
        assert len(json.loads(us.get("report-definitions/").content)["results"]) == rows
    assert len(asked) == 4
