"""Comments, snoozes, watches and taking back any own step, on one incident."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from pytest_django import Settings

from tests.factories import findings, member, organization, payer
from upstream.alerts import mentions, queries, services
from upstream.alerts.life_rules import Snooze
from upstream.alerts.models import Incident, Transition
from upstream.alerts.stage import WAKING
from upstream.alerts.steps import ChangedMeanwhile
from upstream.core import tenancy
from upstream.core.errors import Conflict, Invalid, NotAllowed
from upstream.delivery import addresses
from upstream.delivery.choices import MailFate
from upstream.delivery.models import Outbox
from upstream.tenants.choices import Role
from upstream.tenants.models import Membership
from upstream.tenants.services import tenant_keys

ANA, BEN = "user:ana", "user:ben"


@pytest.fixture
def incident(db: None, settings: Settings) -> Iterator[Incident]:
    """New, $11,900 lost, at a rate of 45 %; it is 2 March 2026."""
    settings.FIXED_NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
    made = organization()
    with tenancy.bind(made.pk):
        yield findings.incident(payer(), findings.run())


def kinds(incident: Incident) -> list[str]:
    return [step.kind for step in queries.history_of(incident)]


def test_a_version_counts_the_steps_and_the_second_editor_learns_what_changed(incident: Incident) -> None:
    services.comment(incident, text="Asked the payer.", actor=BEN)
    services.move(incident, to_state="working", actor=BEN)
    with pytest.raises(ChangedMeanwhile) as refused:
        services.assign(Incident.objects.get(), member=None, actor=ANA, version=1)
    since = queries.steps_since(incident, refused.value.seen)
    assert [(step.kind, step.actor, step.version) for step in since] == [("commented", BEN, 2), ("moved", BEN, 3)]
    assert Incident.objects.get().version == 3


def test_a_comment_overwrites_nothing_and_is_never_refused_for_being_second(incident: Incident) -> None:
    mine, theirs = Incident.objects.get(), Incident.objects.get()
    services.move(theirs, to_state="working", actor=BEN)
    said = services.comment(mine, text=" The rule is new. ", actor=ANA).step
    assert (said.note(tenant_keys()), said.to_state, Incident.objects.get().state) == (
        "The rule is new.", "working", "working",
    )  # fmt: skip
    assert b"rule" not in bytes(said.sealed_note)
    with pytest.raises(Invalid):
        services.comment(mine, text="  ", actor=ANA)


def test_members_who_are_named_get_a_mail_with_a_link_and_no_word(incident: Incident) -> None:
    ana, ben, silent, lost = (member(email=f"{name}@lakeside.test") for name in ("ana", "ben.ito", "silent", "lost"))
    Membership.objects.filter(pk=silent.pk).update(wants_mail=False)
    addresses.note(lost, MailFate.BOUNCED)
    text = "@ben.ito, @ana and @silent and @lost and @nobody: call them"
    said = services.comment(incident, text=text, actor=f"user:{ana.user.public_id}")
    assert (said.told, said.untold) == ([ben], ["nobody", "silent", "lost"])
    (mail,) = Outbox.objects.all()
    link = f"/portal/incidents/{incident.public_id}/"
    assert (mail.template, mail.recipient, mail.about) == ("incident_mention", ben, str(said.step.public_id))
    assert list(mail.context) == ["link"]
    assert mail.context["link"].endswith(link)


def test_what_two_members_are_called_is_nobodys(incident: Incident) -> None:
    first, second = member(email="maria@a.test"), member(email="maria@b.test")
    for one, name in ((first, "Sandoval"), (second, "Ito")):
        one.user.first_name, one.user.last_name = "Maria", name
    assert mentions.handles([first, second]) == {"maria.sandoval": first, "maria.ito": second}


def test_a_snooze_is_written_down_and_ends_on_its_day(incident: Incident, settings: Settings) -> None:
    services.snooze(incident, asked=Snooze(until=date(2026, 3, 9)), actor=ANA, note="after their meeting")
    step = queries.history_of(incident).last()
    assert step is not None
    assert step.changes == {"snoozed_until": [None, "2026-03-09"]}
    settings.FIXED_NOW = datetime(2026, 3, 9, 5, 59, tzinfo=UTC)  # an hour after Chicago turned its clocks: 00:59
    assert list(WAKING.ready()) == [incident.pk]
    settings.FIXED_NOW = datetime(2026, 3, 9, 4, 59, tzinfo=UTC)
    assert list(WAKING.ready()) == []
    settings.FIXED_NOW = datetime(2026, 3, 9, 5, 0, tzinfo=UTC)
    assert WAKING.take(incident.pk)
    woken = queries.history_of(incident).last()
    assert woken is not None
    assert (woken.kind, woken.actor, woken.note(tenant_keys())) == (
        "woken", "system", "the day has come: 9 March 2026",
    )  # fmt: skip
    assert not Incident.objects.get().is_snoozed
    assert not WAKING.take(incident.pk)


def test_marks_of_a_snooze_are_kept_and_hold_while_the_numbers_stay_below(incident: Incident) -> None:
    services.snooze(incident, asked=Snooze(money_cents=2_000_000, rate=0.6), actor=ANA)
    assert not WAKING.take(incident.pk)
    Incident.objects.update(lost_cents=2_000_001)
    assert WAKING.take(incident.pk)
    assert queries.history_of(incident).last().note(tenant_keys()) == "the money has passed its mark of $20,000"


def test_a_person_wakes_it_and_takes_that_back(incident: Incident) -> None:
    services.snooze(incident, asked=Snooze(until=date(2026, 3, 9), rate=0.6), actor=ANA)
    services.wake(incident, actor=ANA)
    with pytest.raises(Conflict, match="not snoozed"):
        services.wake(incident, actor=ANA)
    services.undo(incident, actor=ANA)
    found = Incident.objects.get()
    assert (found.snoozed_until, found.snooze_money_cents, found.snooze_rate) == (date(2026, 3, 9), None, 0.6)


def test_closing_ends_a_snooze_and_writes_down_what_must_be_exceeded(incident: Incident) -> None:
    services.snooze(incident, asked=Snooze(until=date(2026, 3, 9)), actor=ANA)
    services.move(incident, to_state="resolved", outcome="payer_change", said_cents=123_456, actor=ANA)
    found = Incident.objects.get()
    assert (found.mark_rate, found.mark_annual_cents, found.said_recovered_cents) == (0.58, 9_800_000, 123_456)
    assert not found.is_snoozed
    with pytest.raises(Conflict, match="sleeps already"):
        services.snooze(incident, asked=Snooze(until=date(2026, 3, 9)), actor=ANA)
    services.undo(incident, actor=ANA)
    found = Incident.objects.get()
    assert (found.state, found.mark_rate, found.said_recovered_cents, found.snoozed_until) == (
        "new", None, None, date(2026, 3, 9),
    )  # fmt: skip


def test_a_watch_names_its_day(incident: Incident) -> None:
    services.move(incident, to_state="monitoring", return_by=date(2026, 4, 5), actor=ANA)
    assert Incident.objects.get().return_by == date(2026, 4, 5)
    services.move(incident, to_state="working", actor=ANA)
    assert Incident.objects.get().return_by is None
    services.move(incident, to_state="monitoring", actor=ANA)
    assert Incident.objects.get().return_by == date(2026, 3, 30)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"to_state": "working", "return_by": date(2026, 4, 5)}, "return_by"),
        ({"to_state": "working", "said_cents": 5}, "said"),
        ({"to_state": "monitoring", "return_by": date(2026, 3, 9)}, "return_by"),
        ({"to_state": "resolved", "outcome": "merged"}, "outcome"),
    ],
)
def test_what_does_not_go_with_a_move_is_refused(incident: Incident, said: dict[str, object], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.move(incident, actor=ANA, **said)  # type: ignore[arg-type]  # wrong on purpose
    assert (refused.value.code, kinds(incident)) == (code, ["opened"])


def test_any_own_step_is_taken_back_while_no_later_one_changed_the_same(incident: Incident) -> None:
    owner = member(Role.BILLER)
    assigned = services.assign(incident, member=owner, actor=ANA)
    said = services.comment(incident, text="Their rule of 1 February.", actor=ANA).step
    moved = services.move(incident, to_state="working", actor=ANA)
    services.move(incident, to_state="waiting", actor=BEN)
    services.undo(incident, actor=ANA, step=assigned.public_id)
    services.undo(incident, actor=ANA, step=said.public_id)
    with pytest.raises(Conflict, match="a later step changed the same"):
        services.undo(incident, actor=ANA, step=moved.public_id)
    found = Incident.objects.get()
    assert (found.assigned_to, found.state) == (None, "waiting")
    assert kinds(incident) == ["opened", "assigned", "commented", "moved", "moved", "undone", "undone"]


def test_a_step_is_taken_back_once_and_by_its_own_actor(incident: Incident) -> None:
    said = services.comment(incident, text="Mine.", actor=ANA).step
    with pytest.raises(NotAllowed):
        services.undo(incident, actor=BEN, step=said.public_id)
    services.undo(incident, actor=ANA, step=said.public_id)
    for step in (said.public_id, uuid4()):
        with pytest.raises(Conflict, match="no step to take back"):
            services.undo(incident, actor=ANA, step=step)


def test_one_act_on_several_is_taken_back_whole_but_for_what_was_followed(incident: Incident) -> None:
    rows = [incident, findings.incident(payer(), incident.last_run), findings.incident(payer(), incident.last_run)]
    bulk, owner = uuid4(), member(Role.BILLER)
    for row in rows:
        services.assign(row, member=owner, actor=ANA, bulk=bulk)
    services.assign(rows[2], member=None, actor=BEN)
    assert services.undo_bulk(bulk, actor=ANA) == (2, 1)
    assert set(Incident.objects.values_list("assigned_to", flat=True)) == {None}
    assert Transition.objects.filter(kind="undone").count() == 2
    with pytest.raises(Conflict):
        services.undo_bulk(uuid4(), actor=ANA)
