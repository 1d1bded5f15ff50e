"""Everything that people may do is walked through, from the tables of moves: done, taken back, and as it was before.

Both stand in the audit log: as changes of a watched thing, or in the access log where claims and letters are worked.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.apps import apps
from pytest_django import Settings

from tests import factories
from tests.api.conftest import Caller
from tests.api.walked import changes, done, kept, looks, moves_of
from tests.factories import NOON, denials, findings
from upstream.alerts.choices import IncidentState, StepKind
from upstream.alerts.models import Incident, IncidentClaim
from upstream.alerts.rules import CLOSED, MOVES
from upstream.authorizations.choices import SettingKind
from upstream.authorizations.clocks import Clocks
from upstream.routing.models import Mute, Rule, Window
from upstream.worklist.choices import ActKind
from upstream.worklist.models import Item
from upstream.worklist.rules import MOVES as ITEM_MOVES

DECIDED = {
    "state", "outcome", "assigned_to_id", "snoozed_until", "snooze_money_cents", "snooze_rate", "return_by",
    "merged_into_id", "split_from_id", "split_axis", "split_key", "claims_cents",
    "for_meeting",
}  # fmt: skip
MUTE = {"scope": {"codes": ["73721"]}, "reason": "Known", "expires_at": "2026-04-01T00:00Z"}
WORK = {"name": "Move", "starts_at": "2026-03-02T12:00Z", "ends_at": "2026-03-09T12:00Z"}
RULE = {
    "name": "All", "how": "severity", "version": 1, "scope": {}, "targets": [{"kind": "role", "ref": "owner"}],
}  # fmt: skip


@pytest.fixture(autouse=True)
def monday(settings: Settings) -> None:
    settings.FIXED_NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


@pytest.mark.parametrize(("start", "to"), moves_of(MOVES))
def test_every_move_of_an_incident(bound: Caller, start: IncidentState, to: IncidentState) -> None:
    fields: dict[str, Any] = {"snoozed_until": date(2026, 4, 1)}
    if start in CLOSED:
        fields = {"outcome": "noise", "mark_rate": 0.5, "mark_annual_cents": 5, "said_recovered_cents": 7}
    if start == IncidentState.MONITORING:
        fields["return_by"] = date(2026, 4, 5)
    incident = findings.incident(factories.payer(), findings.run(), state=start, **fields)
    before, logged = kept(incident), changes("alerts.Transition")
    closing = {"outcome": "noise", "said_recovered": "12.00"} if to in CLOSED else {}
    done(bound, f"incidents/{incident.public_id}/transitions/", {"to_state": to, **closing})
    assert kept(incident)["state"] == to
    done(bound, f"incidents/{incident.public_id}/undo/", {})
    assert kept(incident) == before
    assert changes("alerts.Transition") == logged + 2


INCIDENT_ACTS: dict[StepKind, tuple[str, Callable[[dict[str, str]], dict[str, Any]]]] = {
    StepKind.ASSIGNED: ("assign", lambda ids: {"member": ids["member"]}),
    StepKind.COMMENTED: ("comments", lambda _ids: {"text": "Asked the payer."}),
    StepKind.SNOOZED: ("snooze", lambda _ids: {"money": "90000.00", "rate": 0.9}),
    StepKind.WOKEN: ("wake", lambda _ids: {"note": "They called."}),
    StepKind.MERGED: ("merge", lambda ids: {"part": ids["part"]}),
    StepKind.SPLIT: ("split", lambda _ids: {"axis": "procedure", "key": "72148"}),
    StepKind.RAISED: ("raise", lambda _ids: {"raised": True}),
}


def test_every_kind_of_step_is_walked() -> None:
    by_itself = {StepKind.OPENED, StepKind.UNDONE}
    assert {*INCIDENT_ACTS, StepKind.MOVED} | by_itself == set(StepKind)


@pytest.mark.parametrize("kind", INCIDENT_ACTS)
def test_every_act_on_an_incident(bound: Caller, kind: StepKind) -> None:
    payer, run = factories.payer(), findings.run()
    whole = findings.incident(payer, run, snoozed_until=date(2026, 4, 1) if kind == StepKind.WOKEN else None)
    part = findings.incident(payer, run)
    codes = ("73721", "73721", "72148")
    claims = [factories.claim(payer, procedure_code=code, allowed_cents=0) for code in codes]
    findings.behind(whole, *claims)
    findings.behind(part, factories.claim(payer, procedure_code="73721"))
    before = stands(whole, part)
    logged = changes("alerts.Transition")
    path, body = INCIDENT_ACTS[kind]
    ids = {"member": str(factories.member().user.public_id), "part": str(part.public_id)}
    done(bound, f"incidents/{whole.public_id}/{path}/", body(ids))
    assert kind == StepKind.COMMENTED or stands(whole, part) != before
    done(bound, f"incidents/{whole.public_id}/undo/", {})
    assert stands(whole, part) == before
    assert changes("alerts.Transition") >= logged + 2


def stands(*incidents: Incident) -> tuple[object, ...]:
    """What was decided of them, and where their claims are; what they tell of those is worked out anew both ways."""
    where = set(IncidentClaim.objects.values_list("claim", "incident", "source"))
    return where, [{name: value for name, value in kept(one).items() if name in DECIDED} for one in incidents]


@pytest.mark.parametrize(("start", "to"), moves_of(ITEM_MOVES))
def test_every_step_of_a_denied_claim(bound: Caller, start: str, to: str) -> None:
    closed = {"closed_at": NOON, "closed_for": "Before"} if start in ("won", "lost", "written_off", "settled") else {}
    aside = {} if closed else {"snoozed_until": date(2026, 3, 9)}
    walked_item(bound, {"kind": "step", "to_step": to}, step=start, **closed, **aside)


ITEM_ACTS: dict[ActKind, dict[str, Any]] = {
    ActKind.ASSIGN: {"owner": "member"},
    ActKind.SNOOZE: {"until": "2026-03-09"},
    ActKind.NOTE: {"note": "Called."},
}


def test_every_kind_of_act_is_walked() -> None:
    assert {*ITEM_ACTS, ActKind.STEP} | {ActKind.UNDO, ActKind.ANSWER} == set(ActKind)


@pytest.mark.parametrize("kind", ITEM_ACTS)
def test_every_act_on_a_denied_claim(bound: Caller, kind: ActKind) -> None:
    body = {"kind": kind, **ITEM_ACTS[kind]}
    if "owner" in body:
        body["owner"] = str(factories.member().user.public_id)
    walked_item(bound, body)


def walked_item(caller: Caller, body: dict[str, Any], **fields: Any) -> None:
    """One act on two items at once (a note on one) is taken back whole."""
    payer = factories.payer()
    rows = [denials.item(payer, **fields) for _ in range(1 if body["kind"] == "note" else 2)]
    # Why an item was closed before it was opened again is told by its history alone.
    before = [kept(row, "closed_at", "closed_for") for row in rows]
    items = [{"id": str(row.public_id), "version": 1} for row in rows]
    act = done(caller, "worklist-acts/", {**body, "items": items})
    assert act["items"] == len(rows)
    assert body["kind"] == "note" or [kept(row, "closed_at", "closed_for") for row in rows] != before
    assert done(caller, f"worklist-acts/{act['id']}/undo/")["items"] == len(rows)
    assert [kept(row, "closed_at", "closed_for") for row in rows] == before
    assert [Item.objects.get(pk=row.pk).is_open for row in rows] == [row.is_open for row in rows]
    assert looks() == [f"worklist.{body['kind']}", "worklist.undo"]


@pytest.mark.parametrize(
    ("path", "body", "kind"),
    [("routing-mutes/", MUTE, Mute), ("routing-windows/", WORK, Window), ("routing-rules/", RULE, Rule)],
)
def test_everything_that_keeps_quiet_or_tells(bound: Caller, path: str, body: dict[str, Any], kind: Any) -> None:
    """Made and ended; and the ending taken back."""
    made = done(bound, path, body)
    row = kind.objects.get()
    before = kept(row)
    ended = done(bound, f"{path}{made['id']}/end/", {"version": 1})
    assert kept(row) != before
    done(bound, f"{path}{made['id']}/put-back/", {"version": ended["version"]})
    assert kept(row) == before
    assert changes(kind._meta.label) == 3


@pytest.mark.parametrize("kind", SettingKind.values)
def test_every_time_that_payers_leave(bound: Caller, kind: str) -> None:
    payer = factories.payer()
    said = {"kind": kind, "payer": str(payer.public_id), "valid_from": "2026-01-01"}
    done(bound, "authorizations/times/", {**said, "value": 20})
    before = Clocks().lead(payer.pk, date(2026, 3, 2)), times(kind)
    second = done(bound, "authorizations/times/", {**said, "value": 9})
    assert times(kind) == 9
    done(bound, f"authorizations/times/{second['id']}/take-back/")
    assert (Clocks().lead(payer.pk, date(2026, 3, 2)), times(kind)) == before
    assert changes("authorizations.PayerSetting") == 3


def times(kind: str) -> int | None:
    """What was said last."""
    model = apps.get_model("authorizations.PayerSetting")
    return model.objects.filter(kind=kind).order_by("valid_from", "pk").last().value


def test_a_trouble_is_taken_up_and_handed_back(bound: Caller) -> None:
    trouble = factories.trouble()
    before = kept(trouble)
    done(bound, f"troubles/{trouble.public_id}/moves/", {"to": "acknowledged", "version": 1})
    assert kept(trouble)["taken_by"] == f"client:{bound.client.client_id}"
    done(bound, f"troubles/{trouble.public_id}/moves/", {"to": "open", "version": 2})
    assert kept(trouble) == before
    assert changes("watchers.Trouble") == 3
