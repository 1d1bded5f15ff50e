"""Reports that a practice sets up: made, changed by one person at a time, undone, and mailed to whom they name."""

from collections.abc import Callable
from typing import Any

import pytest
from auditlog.models import LogEntry

from tests import factories
from tests.factories import findings
from tests.reports.conftest import SUNDAY
from upstream.core.errors import Conflict, Invalid
from upstream.delivery.models import Address, Outbox
from upstream.reports import mailing, queries
from upstream.reports.choices import Unmailed
from upstream.reports.definitions import (
    Wanted,
    add_definition,
    change_definition,
    end_definition,
    put_definition_back,
    save_policy,
    standard,
    subscribe,
    undo_change,
)
from upstream.reports.kinds import KINDS
from upstream.reports.models import Definition, ReportRun, Schedule
from upstream.reports.rendering import render_run
from upstream.reports.services import request, run_now
from upstream.reports.timing_words import read, words_of
from upstream.tenants.choices import Role

CHICAGO = "America/Chicago"


def wanted(**changed: Any) -> Wanted:
    return Wanted(**{"title": "Mondays' report", "timing": read("Mondays 07:00", CHICAGO), **changed})


def added(**changed: Any) -> Definition:
    return add_definition(kind="weekly", wanted=wanted(**changed), actor="user:1")


def test_a_report_is_set_up_with_its_schedule(practice) -> None:
    made = added(people=[str(practice.manager.user.public_id)], formats=["xlsx"], paper="A4", kept_days=90)
    assert (made.formats, made.roles, made.people) == (["xlsx"], ["owner", "manager"], [practice.manager.pk])
    assert (made.paper, made.kept_days, made.version, made.standard) == ("A4", 90, 1, False)
    assert words_of(Schedule.objects.get().timing) == "Mondays 07:00 America/Chicago"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"title": "  "}, "title"), ({"title": "x" * 81}, "title"), ({"paper": "A5"}, "paper"),
        ({"formats": ["docx"]}, "formats"), ({"roles": ["janitor"]}, "roles"), ({"people": ["nobody"]}, "people"),
        ({"kept_days": 29}, "kept_days"), ({"kept_days": 2558}, "kept_days"), ({"about": "x"}, "about"),
    ],
)  # fmt: skip
def test_what_will_not_do_is_named(practice, changed: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        added(**changed)
    assert refused.value.code == code
    assert not Definition.objects.exists()


def test_an_unknown_kind_is_refused(practice) -> None:
    with pytest.raises(Invalid, match="no report of kind 'yearly'"):
        add_definition(kind="yearly", wanted=wanted(), actor="user:1")


def test_a_change_is_undone_and_brought_back(practice) -> None:
    made = added()
    changed = change_definition(made, version=1, wanted=wanted(title="Daily", timing=read("daily 06:00", CHICAGO)))
    assert (changed.title, words_of(Schedule.objects.get().timing)) == ("Daily", f"daily 06:00 {CHICAGO}")
    undone = undo_change(changed, version=2)
    assert (undone.title, words_of(Schedule.objects.get().timing)) == ("Mondays' report", f"Mondays 07:00 {CHICAGO}")
    again = undo_change(undone, version=3)
    assert (again.title, again.version, words_of(Schedule.objects.get().timing)) == (
        "Daily",
        4,
        f"daily 06:00 {CHICAGO}",
    )


def test_a_schedule_is_taken_away_and_the_undo_brings_it_back(practice) -> None:
    changed = change_definition(added(), version=1, wanted=wanted(timing=None))
    assert not Schedule.objects.exists()
    undo_change(changed, version=2)
    assert Schedule.objects.count() == 1


def test_what_was_never_changed_has_nothing_to_undo(practice) -> None:
    with pytest.raises(Conflict, match="nothing to undo"):
        undo_change(added(), version=1)


STEPS: dict[str, Callable[[Definition], object]] = {
    "change": lambda row: change_definition(row, version=1, wanted=wanted(title="Theirs")),
    "undo": lambda row: undo_change(row, version=1),
    "end": lambda row: end_definition(row, version=1),
}


@pytest.mark.parametrize("step", STEPS)
def test_who_has_not_seen_the_newest_version_overwrites_nothing(practice, step: str) -> None:
    seen = added()
    change_definition(seen, version=1, wanted=wanted(title="Somebody else's"))
    seen.refresh_from_db()
    with pytest.raises(Conflict, match="changed this meanwhile"):
        STEPS[step](seen)
    assert Definition.objects.get().title == "Somebody else's"


def test_an_ended_report_is_on_no_list_until_it_is_put_back(practice) -> None:
    ended = end_definition(added(), version=1)
    assert list(queries.definitions()) == []
    with pytest.raises(Conflict, match="ended already"):
        end_definition(ended, version=2)
    put_definition_back(ended, version=2)
    assert [row.pk for row in queries.definitions()] == [ended.pk]


def test_changes_stand_in_the_audit_log(practice) -> None:
    change_definition(added(), version=1, wanted=wanted(title="Renamed", timing=read("daily 06:00", CHICAGO)))
    save_policy(version=1, kept_days=60, may_attach=False)
    changes = [(entry.content_type.model, entry.changes) for entry in LogEntry.objects.order_by("pk")]
    assert ("definition", {"title": ["Mondays' report", "Renamed"]}) in changes
    assert ("schedule", {"cron": ["0 7 * * 1", "0 6 * * *"]}) in changes
    assert ("policy", {"kept_days": ["730", "60"], "may_attach": ["True", "False"]}) in changes


def test_who_is_left_out_is_said_and_why(practice) -> None:
    stopped, silent, gone = (factories.member(Role.OWNER) for _ in range(3))
    away = factories.member(Role.MANAGER)
    Address.objects.create(recipient=stopped, stopped_because="bounced")
    silent.wants_mail = False
    silent.save()
    away.active = False
    away.save()
    made = added(people=[str(practice.manager.user.public_id)])
    subscribe(made, gone, wanted=False)
    mailed, left_out = mailing.readers(made)
    assert mailed == [practice.manager]
    assert dict(left_out) == {
        stopped: Unmailed.STOPPED, silent: Unmailed.NO_MAIL, gone: Unmailed.UNSUBSCRIBED,
    }  # fmt: skip
    run = run_now(made, actor="user:1")
    render_run(run.pk)
    run.refresh_from_db()
    assert sorted(run.skipped) == sorted([[stopped.pk, "stopped"], [silent.pk, "no_mail"], [gone.pk, "unsubscribed"]])
    assert [mail.recipient_id for mail in Outbox.objects.all()] == [practice.manager.pk]


def test_each_person_and_run_has_one_mail_though_two_roles_and_a_name_say_so(practice) -> None:
    made = added(roles=["owner", "manager", "biller"], people=[str(practice.manager.user.public_id)])
    render_run(run_now(made, actor="user:1").pk)
    assert Outbox.objects.count() == 1


def test_unsubscribing_is_ones_own_and_can_be_taken_back(practice) -> None:
    made = added()
    for _ in range(2):
        subscribe(made, practice.manager, wanted=False)
    assert queries.is_subscribed(made, practice.manager) is False
    subscribe(made, practice.manager, wanted=True)
    assert queries.is_subscribed(made, practice.manager) is True


@pytest.mark.parametrize(
    ("attach", "allowed", "attached"), [(True, True, True), (False, True, False), (True, False, False)]
)
def test_the_pdf_is_attached_where_report_and_practice_allow_it(
    practice, attach: bool, allowed: bool, attached: bool
) -> None:
    save_policy(version=1, kept_days=730, may_attach=allowed)
    render_run(run_now(added(attach=attach), actor="user:1").pk)
    (mail,) = Outbox.objects.all()
    assert (bool(mail.attachment_sha256), mail.context["attached"]) == (attached, attached)


def test_files_that_may_name_a_claim_are_never_attached(practice) -> None:
    kinds = [kind.code for kind in KINDS.values() if kind.confidential and not kind.about_one]
    assert [mailing.may_attach(standard(code)) for code in kinds] == [False] * len(kinds)


def test_only_the_wanted_files_are_made(practice) -> None:
    run = run_now(added(formats=["xlsx"]), actor="user:1")
    render_run(run.pk)
    assert [artifact.format for artifact in run.artifacts.all()] == ["xlsx"]
    (mail,) = Outbox.objects.all()
    assert (mail.attachment_sha256, [one["name"] for one in mail.context["files"]]) == ("", ["Excel"])


def test_the_list_knows_the_newest_run_and_the_next_moment(practice) -> None:
    made, other = added(), added(title="Only asked for", timing=None)
    older, newer = (findings.report(definition=made, as_of=f"2026-02-{day}") for day in (15, 22))
    rows = {row.definition.pk: row for row in queries.listed()}
    assert (rows[made.pk].run, f"{rows[made.pk].next:%a %d %H:%MZ}") == (newer, "Mon 09 12:00Z")
    assert (rows[other.pk].run, rows[other.pk].next) == (None, None)
    assert older in ReportRun.objects.all()


def test_an_ended_report_is_not_asked_for(practice):
    made = end_definition(added(), version=1)
    with pytest.raises(Conflict, match="put it back first"):
        request(made, as_of=SUNDAY, actor="user:1")
