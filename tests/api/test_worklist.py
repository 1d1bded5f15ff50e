"""The worklist over the API: listed, read, and worked by the same rules as in the portal."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pytest_django import Settings

from tests import factories
from tests.api.conftest import Caller, asked_of_database, rows_of
from tests.factories import NOON, denials, findings
from upstream.core import tenancy
from upstream.worklist.models import Item


@pytest.fixture(autouse=True)
def monday(settings: Settings) -> None:
    settings.FIXED_NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


@pytest.fixture
def item(us: Caller) -> Item:
    with tenancy.bind(us.practice.pk):
        return denials.item(factories.payer("Summit Mutual"))


def act(caller: Caller, *items: Item, kind: str, **more: Any) -> tuple[int, dict[str, Any]]:
    chosen = [{"id": str(item.public_id), "version": item.version} for item in items]
    answer = caller.post("worklist-acts/", {"kind": kind, "items": chosen, **more})
    return answer.status_code, json.loads(answer.content)


def test_an_item_as_it_is_listed(us: Caller, item: Item) -> None:
    assert rows_of(us.get("worklist/")) == [
        {
            "id": str(item.public_id), "version": 1, "claim": str(item.claim.public_id),
            "payer": {"id": str(item.payer.public_id), "name": "Summit Mutual"}, "service_date": "2026-02-06",
            "decided_date": "2026-02-20", "procedure_code": "73721", "denied_in_part": False, "category": "AUTH",
            "denial_reason": "CO-197", "remark_codes": "", "billed": "500.00", "expected": "200.00",
            "recovery": "100.00", "share": 0.5, "deadline": "2026-04-21", "internal_due": "2026-04-14",
            "window": {
                "action": "appeal", "days": 60, "basis": "contract", "written_in": "contract", "confidence": "high"
            },
            "step": "todo", "owner": None, "snoozed_until": None, "closed_for": "",
            "opened_at": "2026-03-02T12:00:00Z", "updated_at": "2026-03-02T12:00:00Z",
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 1),
        ("?show=passed", 0),
        ("?category=AUTH&step=todo&unowned=true", 1),
        ("?category=DATA", 0),
        ("?due_within_7_days=true", 0),
        ("?payer={payer}&incident={incident}", 1),
        ("?payer=00000000-0000-4000-8000-00000000abcd", 0),
        ("?incident=00000000-0000-4000-8000-00000000abcd", 0),
    ],
)
def test_filters(us: Caller, item: Item, query: str, number: int) -> None:
    with tenancy.bind(us.practice.pk):
        incident = findings.incident(item.payer, findings.run())
        findings.behind(incident, item.claim)
    asked = query.format(payer=item.payer.public_id, incident=incident.public_id)
    assert len(rows_of(us.get(f"worklist/{asked}"))) == number


def test_the_number_of_questions_does_not_grow_with_the_rows(us: Caller, item: Item) -> None:
    with asked_of_database() as one:
        us.get("worklist/")
    with tenancy.bind(us.practice.pk):
        for _ in range(2):
            denials.item(factories.payer(), owner=factories.member())
    with asked_of_database() as three:
        us.get("worklist/")
    assert len(one) == len(three) == 3


def test_pages_turn_by_cursor_in_the_order_of_the_page(us: Caller, item: Item) -> None:
    with tenancy.bind(us.practice.pk):
        first = denials.item(item.payer, deadline=date(2026, 3, 9))
        dear, cheap = (denials.item(item.payer, deadline=date(2026, 3, 10), recovery_cents=c) for c in (9_000, 10))
    pages = [json.loads(us.get("worklist/?page_size=1").content)]
    while pages[-1]["next"]:
        pages.append(json.loads(us.get(pages[-1]["next"]).content))
    shown = [row["id"] for page in pages for row in page["results"]]
    assert shown == [str(row.public_id) for row in (first, dear, cheap, item)]
    back = json.loads(us.get(pages[3]["previous"]).content)
    assert [row["id"] for row in back["results"]] == [str(cheap.public_id)]


@pytest.mark.parametrize("show", ["closed", "aside", "passed"])
def test_each_part_of_the_list_turns_in_its_own_order(us: Caller, show: str) -> None:
    with tenancy.bind(us.practice.pk):
        fields = {
            "closed": {"closed_at": NOON, "step": "won"}, "aside": {"snoozed_until": date(2099, 1, 1)},
            "passed": {"deadline": date(2026, 2, 27)},
        }[show]  # fmt: skip
        made = {str(denials.item(factories.payer(), **fields).public_id) for _ in range(3)}
    one = json.loads(us.get(f"worklist/?show={show}&page_size=2").content)
    two = json.loads(us.get(one["next"]).content)
    assert [len(one["results"]), len(two["results"])] == [2, 1]
    assert {row["id"] for page in (one, two) for row in page["results"]} == made


def test_a_cursor_of_another_list_is_refused(us: Caller) -> None:
    assert us.get("worklist/?cursor=cD0xMjM0NTY3OA==").status_code == 400


def test_acts_are_done_told_and_taken_back(us: Caller, item: Item) -> None:
    with tenancy.bind(us.practice.pk):
        other, ada = denials.item(item.payer), factories.member()
    status, done = act(us, item, other, kind="assign", owner=str(ada.user.public_id))
    assert (status, done["kind"], done["items"]) == (200, "assign", 2)
    told = json.loads(us.get(f"worklist/{item.public_id}/").content)
    assert told["owner"] == {"id": str(ada.user.public_id), "name": ada.user.email}
    assert [(e["act"], e["kind"], e["actor"]) for e in told["history"]] == [
        (done["id"], "assign", f"client:{us.client.client_id}")
    ]  # fmt: skip
    undone = us.post(f"worklist-acts/{done['id']}/undo/")
    assert (undone.status_code, json.loads(undone.content)["items"]) == (200, 2)
    assert us.post(f"worklist-acts/{done['id']}/undo/").status_code == 409
    assert json.loads(us.get(f"worklist/{item.public_id}/").content)["owner"] is None


def test_a_note_is_told_in_the_history(us: Caller, item: Item) -> None:
    assert act(us, item, kind="note", note="Called them.")[0] == 200
    (event,) = json.loads(us.get(f"worklist/{item.public_id}/").content)["history"]
    assert (event["kind"], event["note"], event["version"]) == ("note", "Called them.", 2)


def test_put_aside_and_moved(us: Caller, item: Item) -> None:
    assert act(us, item, kind="snooze", until="2026-03-09")[0] == 200
    assert rows_of(us.get("worklist/")) == []
    item.version = 2
    assert act(us, item, kind="step", to_step="sent", note="By fax")[0] == 200
    assert [row["step"] for row in rows_of(us.get("worklist/"))] == ["sent"]


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"kind": "step", "to_step": "todo"}, 200, None),
        ({"kind": "step"}, 422, "step"),
        ({"kind": "step", "to_step": "settled"}, 409, "not_a_move"),
        ({"kind": "assign", "owner": "00000000-0000-4000-8000-00000000abcd"}, 422, "owner"),
        ({"kind": "snooze", "until": "2026-03-01"}, 422, "until"),
        ({"kind": "note", "note": " "}, 422, "note"),
        ({"kind": "answer"}, 400, "invalid"),
    ],
)
def test_what_cannot_be_done_says_why(us: Caller, item: Item, more: dict[str, Any], status: int, code: str) -> None:
    found, body = act(us, item, **more)
    assert (found, body.get("code")) == (status, code)


def test_the_second_program_is_told_and_nothing_is_overwritten(us: Caller, item: Item) -> None:
    assert act(us, item, kind="step", to_step="working")[0] == 200
    status, body = act(us, item, kind="step", to_step="written_off")
    assert (status, body["code"]) == (409, "changed_meanwhile")
    assert [row["step"] for row in rows_of(us.get("worklist/"))] == ["working"]


def test_the_same_key_acts_once(us: Caller, item: Item) -> None:
    body = {"kind": "note", "items": [{"id": str(item.public_id)}], "note": "Once."}
    answers = [us.post("worklist-acts/", body, Idempotency_Key="k1").content for _ in range(2)]
    assert answers[0] == answers[1]
    with tenancy.bind(us.practice.pk):
        assert Item.objects.get(pk=item.pk).version == 2


def test_another_clients_act_is_not_mine_to_take_back(us: Caller, caller_of: Any, item: Item) -> None:
    done = act(us, item, kind="step", to_step="working")[1]
    assert caller_of(us.practice, "work", "read").post(f"worklist-acts/{done['id']}/undo/").status_code == 403
    assert caller_of(us.practice, "read").post(f"worklist-acts/{done['id']}/undo/").status_code == 403
