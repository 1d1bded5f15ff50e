"""Two people have the same page open: whoever sends second overwrites nothing, on every form of the daily work."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F, Model
from django.test import Client
from pytest_django import Settings

from tests.factories import claim, findings, letters, member, trouble
from tests.factories.denials import item
from tests.factories.telling import one_of_each
from tests.portal.conftest import NOW, Practice
from tests.portal.pages import SentForm, forms_of
from upstream.alerts.models import Incident
from upstream.appeals import services
from upstream.appeals.models import Letter
from upstream.appeals.rules import Sent
from upstream.authorizations.models import PayerSetting
from upstream.authorizations.services import set_time
from upstream.core import clock
from upstream.routing.models import Mute, Policy, Preference, Rota, Rule, Target, Window
from upstream.tenants.models import Membership
from upstream.watchers.models import Trouble
from upstream.worklist.models import Item

KEPT: list[type[Model]] = [Incident, Item, Letter, Rule, Rota, Mute, Window, Policy, Preference, Trouble, PayerSetting]
# What is typed beside what the form holds.
TYPED: dict[str, dict[str, str]] = {
    "move": {"to_state": "working", "note": "Called."},
    "snooze": {"until": "2026-03-09"},
    "act/snooze": {"until": "2026-03-09"},
    "act/step": {"to_step": "working"},
    "letter-move": {"note": "Called."},
    "edit": {"text": "Pay."},
    "sent": {"way": "fax", "on": "2026-03-02"},
    "answer": {"to_state": "upheld", "answered_on": "2026-03-02"},
    "policy": {"weekly_budget": "3"},
    "quiet": {"quiet_from": "20:00", "quiet_until": "07:00"},
    "rule": {"name": "Another name"},
    "rota": {"name": "Another name"},
    "set": {"kind": "lead", "value": "9"},
    "merge": {"sure": "on"},
}
# Forms that overwrite nothing: what they say is added, is taken back by its own name, or leaves a person's words alone.
FREE = {
    "comment", "act/note", "undo", "draft", "make", "start", "files", "sign-out", "test", "save", "numbers", "bundle",
    "people", "change", "review", "practice", "search", "switch",
}  # fmt: skip


@pytest.fixture
def pages(practice: Practice) -> dict[str, str]:
    """Addresses of everything that people edit in their daily work."""
    with practice.bound():
        me = practice.manager
        incident = findings.incident(practice.payer, practice.run)
        claims = [claim(practice.payer, procedure_code=code) for code in ("73721", "72148")]
        findings.behind(incident, *claims)
        findings.incident(practice.payer, practice.run, title="Another one")
        work = item(practice.payer)
        item(practice.payer)
        written = {state: letters.letter(letters.denied(practice.payer, state)) for state in ("draft", "ready", "sent")}
        for state in ("ready", "sent"):
            services.move(written[state], to_state="ready", version=1, actor=letters.BY)
        sent = Sent("fax", NOW.date())
        services.move(written["sent"], to_state="sent", version=2, actor=letters.BY, sent=sent)
        telling = one_of_each(me)
        Policy.objects.create()
        member("biller")
        for person in Membership.objects.all():
            Preference.objects.create(member=person)
        Target.objects.update(kind="role", role="owner", rota=None)
        for days in (20, 30):
            set_time(kind="lead", value=days, payer=practice.payer, actor="user:2")
        failing = trouble()
    return {
        "incident": f"/portal/incidents/{incident.public_id}/",
        "item": f"/portal/worklist/{work.public_id}/",
        **{f"letter-{state}": f"/portal/letters/{one.public_id}/" for state, one in written.items()},
        "rule": f"/portal/routing/rules/{telling['rule']}/",
        "rota": f"/portal/routing/rotas/{telling['rota']}/",
        "routing": "/portal/routing/",
        "policy": "/portal/routing/policy/",
        "mutes": "/portal/routing/mutes/",
        "quiet": "/portal/settings/quiet/",
        "times": "/portal/authorizations/times/",
        "trouble": f"/portal/troubles/{failing.public_id}/",
    }


@pytest.fixture
def owner(practice: Practice, signed_in: Callable[[str], Client]) -> Client:
    """Somebody who may do everything."""
    return signed_in("owner")


def edited(client: Client, path: str) -> list[SentForm]:
    """The page's forms that change what others may change, too."""
    page = client.get(path)
    assert page.status_code == 200
    main = page.content.decode().partition("<main")[2]
    return [form for form in forms_of(path, main) if form.kind.partition("/")[0] not in FREE and form.kind not in FREE]


def filled(form: SentForm, name: str) -> dict[str, Any]:
    """What a person sends who has typed into it."""
    typed = TYPED.get(f"{name.partition('-')[0]}-{form.kind}") or TYPED.get(form.kind) or TYPED.get(name, {})
    typed = {key: value for key, value in typed.items() if key in form.values or key in form.choices}
    first = {key: options[:1] for key, options in form.choices.items() if key not in form.values}
    others = {
        key: [next(one for one in reversed(options) if one not in form.values.get(key, []))]
        for key, options in form.choices.items() if key in ("member", "part", "chosen")
    }  # fmt: skip
    form.values.pop("preview", None)
    return {**first, **form.values, **others, **{key: [value] for key, value in typed.items()}}


def standing(practice: Practice) -> list[Any]:
    with practice.bound():
        return [list(model.objects.order_by("pk").values()) for model in KEPT]


def somebody_else_edits(practice: Practice) -> None:
    """Everything is one version on, and one more time was said of the payer."""
    with practice.bound():
        for model in KEPT:
            if any(field.name == "version" for field in model._meta.fields):
                model.objects.update(version=F("version") + 1)
        set_time(kind="lead", value=12, payer=practice.payer, actor="user:3")
        set_time(kind="lead", value=14, actor="user:3")


PAGES = (
    "incident", "item", "letter-draft", "letter-ready", "letter-sent", "rule", "rota", "routing", "policy", "mutes",
    "quiet", "times", "trouble",
)  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_every_form_sent_second_overwrites_nothing(
    name: str, owner: Client, practice: Practice, pages: dict[str, str]
) -> None:
    found = edited(owner, pages[name])
    assert found
    for form in found:
        with transaction.atomic():
            before = standing(practice)
            answer = owner.post(form.action, filled(form, name))
            assert standing(practice) != before, f"{form.kind} does nothing even when sent first: {answer.status_code}"
            transaction.set_rollback(True)
        with transaction.atomic():
            somebody_else_edits(practice)
            theirs = standing(practice)
            answer = owner.post(form.action, filled(form, name), follow=True)
            assert standing(practice) == theirs, f"{form.kind} overwrites"
            said = " ".join(answer.content.decode().split())
            assert any(word in said for word in ("changed", "faster", "meanwhile")), form.kind
            transaction.set_rollback(True)


@pytest.mark.parametrize("act", ["assign", "step"])
def test_a_whole_list_changes_nothing_that_was_changed_since_it_was_shown(
    act: str, owner: Client, practice: Practice, pages: dict[str, str], settings: Settings
) -> None:
    page = owner.get("/portal/worklist/")
    form = next(form for form in forms_of("/", page.content.decode()) if form.action.endswith("worklist/bulk/"))
    sent = {"whole": "on", "act": act, "to_step": "working", "member": practice.manager.pk, "filters": ""}
    sent |= {"shown_at": form.values["shown_at"][0]}
    settings.FIXED_NOW = NOW + timedelta(minutes=5)
    with practice.bound():
        one = Item.objects.order_by("pk")[0]
        Item.objects.filter(pk=one.pk).update(version=2, changed_at=clock.now())
    before = standing(practice)
    answer = owner.post("/portal/worklist/bulk/", sent, follow=True)
    assert "one of these claims was changed meanwhile" in answer.content.decode()
    assert standing(practice) == before
    again = {**sent, "shown_at": (NOW + timedelta(minutes=6)).isoformat()}
    owner.post("/portal/worklist/bulk/", again)
    with practice.bound():
        assert {row.version for row in Item.objects.all()} == {2, 3}


def test_a_ticked_row_that_changed_since_stops_the_act(
    owner: Client, practice: Practice, pages: dict[str, str]
) -> None:
    with practice.bound():
        rows = list(Item.objects.order_by("pk"))
        Item.objects.filter(pk=rows[0].pk).update(version=2)
    before = standing(practice)
    ticked = [f"{row.public_id}.1" for row in rows]
    answer = owner.post(
        "/portal/worklist/bulk/", {"item": ticked, "act": "step", "to_step": "working", "filters": ""}, follow=True
    )
    assert "changed meanwhile" in answer.content.decode()
    assert standing(practice) == before


def test_what_was_typed_into_a_letters_move_is_not_lost(
    owner: Client, practice: Practice, pages: dict[str, str]
) -> None:
    (form,) = (form for form in edited(owner, pages["letter-draft"]) if form.kind == "move")
    somebody_else_edits(practice)
    answer = owner.post(form.action, {**filled(form, "letter-draft"), "note": "Ask Dr. Ito first."})
    assert answer.status_code == 409
    (again,) = (form for form in forms_of("", answer.content.decode()) if form.kind == "move")
    assert (again.values["note"], again.values["version"]) == (["Ask Dr. Ito first."], ["2"])
