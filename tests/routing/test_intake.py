"""Who is told of an incident and when, by what the practice has said and by nothing where it has said nothing."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from tests.factories import NOON, endpoint, findings, member
from tests.factories.telling import mails, tell_all
from tests.routing.conftest import opened
from upstream.alerts import services as alerts
from upstream.alerts.models import Incident
from upstream.delivery.models import Outbox
from upstream.routing import mutes
from upstream.routing.choices import NoticeState, Verdict
from upstream.routing.models import Decision, Notice, Policy
from upstream.tenants.choices import Role
from upstream.tenants.models import Membership


def verdict() -> tuple[str, str]:
    row = Decision.objects.filter(opening__isnull=False).latest("pk")
    return row.verdict, row.why


def test_each_member_who_wants_mail_gets_one(incident: Incident, manager: Membership) -> None:
    biller, silent = member(Role.BILLER), member(Role.OWNER)
    silent.wants_mail = False
    silent.save()
    tell_all()
    sent = Outbox.objects.order_by("recipient_id")
    assert [mail.recipient_id for mail in sent] == [manager.pk, biller.pk]
    said = sent[0].context
    assert (said["claims"], said["deadline"], said["severity"]) == (14, "2 April 2026", "High")
    assert said["link"].endswith(f"/portal/incidents/{incident.public_id}/")
    assert "Summit" not in str(said)
    assert verdict() == (Verdict.TOLD, "")
    assert tell_all() == 0


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"strength": "watch"}, "weak evidence sends nothing, it waits for the weekly report"),
        ({"severity": "low"}, "Low severity waits for the weekly report"),
        ({"direction": "improve"}, "a change for the better waits for the weekly report"),
        ({"state": "resolved"}, "closed before anybody was told"),
    ],
)
def test_what_waits_for_the_weekly_report_says_why(fields: dict[str, str], why: str, manager: Membership) -> None:
    opened(**fields)
    endpoint()
    assert mails() == 0
    assert not Notice.objects.exists()
    assert verdict() == (Verdict.KEPT, why)


def test_what_grows_severe_is_told_after_all(manager: Membership) -> None:
    made = opened(severity="low")
    assert mails() == 0
    Incident.objects.filter(pk=made.pk).update(severity="high")
    assert mails() == 1
    assert tell_all() == 0


def test_a_flapping_series_gives_one_mail(incident: Incident, settings: Settings) -> None:
    assert mails() == 1
    for day in (2, 5, 9):
        settings.FIXED_NOW = NOON + timedelta(days=day)
        incident.last_run = findings.run(as_of=findings.AS_OF + timedelta(days=day))
        findings.opening(incident, again=True)
        tell_all()
        assert verdict()[0] == Verdict.DIGEST
    assert Outbox.objects.filter(template="incident_opened").count() == 1


def test_the_weeks_budget_sends_the_rest_with_the_digest(manager: Membership) -> None:
    Policy.objects.create(weekly_budget=1)
    made = [opened(severity=severity, title=severity) for severity in ("medium", "high", "critical")]
    endpoint("Machine")
    tell_all()
    decided = {row.incident_id: (row.verdict, row.why) for row in Decision.objects.all()}
    assert decided == {
        made[2].pk: (Verdict.TOLD, ""),
        made[1].pk: (Verdict.DIGEST, "this week's 1 interruptions are used"),
        made[0].pk: (Verdict.DIGEST, "this week's 1 interruptions are used"),
    }
    assert Outbox.objects.filter(template="incident_opened").count() == 1
    assert Outbox.objects.filter(endpoint__isnull=False).count() == 3


def test_a_critical_one_says_that_the_budget_is_used(manager: Membership) -> None:
    Policy.objects.create(weekly_budget=0)
    opened(severity="critical")
    tell_all()
    note = "This week's 0 interruptions are used; what is critical is told all the same."
    assert Outbox.objects.get().context["note"] == note


def test_the_digest_comes_the_next_morning_most_severe_first(manager: Membership, settings: Settings) -> None:
    Policy.objects.create(weekly_budget=0)
    for severity in ("medium", "high"):
        opened(severity=severity)
        assert mails() == 0
    due = set(Notice.objects.filter(channel="mail").values_list("state", "due_at"))
    assert due == {(NoticeState.DIGEST, NOON + timedelta(hours=2))}
    settings.FIXED_NOW = NOON + timedelta(hours=2)
    assert mails() == 1
    said = Outbox.objects.get(template="digest").context
    assert [item["severity"] for item in said["items"]] == ["High", "Medium"]
    assert said["headline"] == "2 things to know"
    assert tell_all() == 0


def test_a_digest_that_falls_into_planned_work_waits_for_its_end(manager: Membership, settings: Settings) -> None:
    Policy.objects.create(weekly_budget=0)
    opened()
    assert mails() == 0
    due, ends = NOON + timedelta(hours=2), NOON + timedelta(hours=5)
    mutes.plan_work(name="Move", reason="", starts_at=NOON, ends_at=ends, actor="user:1")
    settings.FIXED_NOW = due
    assert mails() == 0
    settings.FIXED_NOW = ends
    assert mails() == 1
    assert Outbox.objects.get().context["headline"] == "1 thing to know, held during Move"


def test_channels_that_were_told_learn_that_it_is_closed(incident: Incident) -> None:
    told = endpoint("Desk")
    tell_all()
    alerts.move(incident, to_state="resolved", outcome="payer_change", actor="user:1")
    tell_all()
    sent = Outbox.objects.filter(endpoint=told).order_by("pk")
    assert [message.template for message in sent] == ["incident.opened", "incident.closed"]
    assert sent[1].context["data"]["outcome"] == "payer_change"
    assert tell_all() == 0


def test_nobody_hears_of_the_closing_of_what_was_never_told(manager: Membership) -> None:
    made = opened(severity="low")
    endpoint()
    tell_all()
    alerts.move(made, to_state="resolved", outcome="payer_change", actor="user:1")
    tell_all()
    assert not Outbox.objects.exists()
