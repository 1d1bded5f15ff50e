"""What fails is open once, told once, and over by itself."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests import factories
from tests.factories import findings
from upstream.audit.models import PHIAccess
from upstream.audit.services import record_access
from upstream.claims.models import NewCode
from upstream.core.errors import Conflict, Invalid
from upstream.delivery.models import Address, Endpoint, Outbox
from upstream.ingestion.models import Batch, Rejection, Source
from upstream.ingestion.sources.models import SourceObject
from upstream.routing.models import Notice
from upstream.tenants.choices import Role
from upstream.watchers import limits, queries, services
from upstream.watchers.models import Look, OwnLimit, Step, Trouble

pytestmark = pytest.mark.usefixtures("practice")
NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def monday(settings) -> None:
    settings.FIXED_NOW = NOW


def look(settings: Any, after: timedelta = timedelta(minutes=6)) -> list[tuple[str, str]]:
    """One more look, and the troubles that stand after it."""
    settings.FIXED_NOW += after
    services.look(0)
    return [(row.kind, row.subject) for row in queries.standing()]


def told(channel: str = "mail") -> list[str]:
    return [row.said["headline"] for row in Notice.objects.filter(channel=channel).order_by("pk")]


def silent_detector() -> None:
    findings.run(looked_at=NOW - timedelta(hours=27))


def stuck_file() -> None:
    factories.batch(state="landed", received_at=NOW - timedelta(hours=3), loaded_at=None)


def unmapped_file() -> None:
    factories.batch(state="mapping", loaded_at=None)


def refused_file() -> None:
    factories.batch(state="rejected", received_at=NOW - timedelta(days=1), loaded_at=None)


def waiting_row() -> None:
    factories.rejection(factories.batch(state="analysed"))


def failing_source() -> None:
    source = factories.source("Clearinghouse")
    Source.objects.filter(pk=source.pk).update(circuit="open")


def silent_source() -> None:
    """Something came on each of thirty weekdays, and nothing for the last six of them."""
    source = factories.source("Clearinghouse")
    days = [NOW - timedelta(days=n) for n in range(9, 80) if (NOW - timedelta(days=n)).weekday() < 5]
    for n, day in enumerate(days):
        SourceObject.objects.create(
            source=source, name_bidx=n.to_bytes(16, "big"), sealed_name=b"x", version="1", seen_at=day, landed_at=day,
            state="landed",
        )  # fmt: skip


def message(state: str, code: str = "", **fields: Any) -> Outbox:
    values = {"template": "notice", "about": "x", "not_before": NOW, "queued_at": NOW, "state": state, **fields}
    return Outbox.objects.create(recipient=factories.member(Role.BILLER), error_code=code, **values)


def failed_mail() -> None:
    message("failed", "smtp_550")


def late_mail() -> None:
    message("queued", queued_at=NOW - timedelta(hours=1), not_before=NOW - timedelta(hours=1))


def bounced_address() -> None:
    Address.objects.create(recipient=factories.member(Role.BILLER), stopped_because="bounced", stopped_at=NOW)


def asking_for_reports(channel: Endpoint) -> Endpoint:
    """A channel that did not ask for troubles."""
    Endpoint.objects.filter(pk=channel.pk).update(events=["report.ready"])
    return channel


def stopped_channel() -> None:
    asking_for_reports(factories.endpoint("Warehouse", state="stopped", stopped_because="gone"))


def dead_letter() -> None:
    channel = asking_for_reports(factories.endpoint("Warehouse"))
    Outbox.objects.create(
        kind="webhook", endpoint=channel, template="report.ready", about="r", state="failed", not_before=NOW,
        queued_at=NOW,
    )  # fmt: skip


def new_code() -> None:
    NewCode.objects.create(payer=factories.payer(), carc="X99", first_seen_at=NOW, last_seen_at=NOW, times=4)


def broken_log() -> None:
    """As somebody with the database in hand could leave it."""
    entries = [record_access(actor="user:x", action="show", subject="claim:1") for _ in range(3)]
    PHIAccess.objects.bulk_create(
        [PHIAccess(number=5, at=NOW, actor="user:y", action="show", subject="claim:2", link=entries[0].link)]
    )


FAULTS = [
    (silent_detector, "detector", ""), (stuck_file, "stuck", "landed"), (unmapped_file, "stuck", "mapping"),
    (refused_file, "file", "refused"), (waiting_row, "file", "rows"), (failing_source, "source", None),
    (silent_source, "source", None), (failed_mail, "mail", ""), (late_mail, "mail", ""),
    (bounced_address, "address", None), (stopped_channel, "channel", None), (dead_letter, "channel", None),
    (new_code, "codes", ""), (broken_log, "audit", ""),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "kind", "subject"), FAULTS)
def test_each_fault_opens_one_trouble_that_says_what_to_do(settings, fault, kind: str, subject: str | None):
    fault()
    for _ in range(3):
        found = look(settings)
    assert [row[0] for row in found] == [kind]
    assert subject in (None, found[0][1])
    (row,) = Trouble.objects.all()
    words = row.words
    assert all((words.title, words.means, words.todo, words.page.startswith("portal:")))
    assert "{" not in words.title + words.means + words.todo
    assert list(Step.objects.values_list("kind", flat=True)) == ["opened"]


def test_a_healthy_practice_is_looked_at_and_nothing_is_said(settings):
    factories.member(Role.OWNER)
    findings.run(looked_at=NOW)
    assert look(settings) == []
    assert services.look(0) is False
    assert (Look.objects.count(), Notice.objects.count()) == (1, 0)


def test_it_is_told_once_to_owners_and_staff_and_closes_by_itself(settings):
    for role in (Role.OWNER, Role.STAFF, Role.MANAGER, Role.BILLER):
        factories.member(role)
    stuck_file()
    look(settings)
    look(settings)
    assert told() == ["Files are stuck: numbers leave something out"] * 2
    assert told("portal") == told()
    Batch.objects.update(state="analysed", loaded_at=NOW)
    findings.run(looked_at=NOW)
    assert look(settings) == []
    (row,) = Trouble.objects.all()
    assert (row.state, row.over_at) == ("over", settings.FIXED_NOW)
    assert list(Step.objects.values_list("kind", flat=True)) == ["opened", "over"]
    assert len(told()) == 2


def test_what_comes_back_within_the_hour_is_the_same_and_later_another(settings):
    factories.member(Role.OWNER)
    stuck_file()
    look(settings)
    for gap in (timedelta(minutes=6), timedelta(hours=2)):
        Batch.objects.update(state="mapping")
        Batch.objects.update(state="rejected", received_at=NOW - timedelta(days=9))
        assert look(settings) == []
        Batch.objects.update(state="landed", received_at=NOW - timedelta(hours=3))
        OwnLimit.objects.get_or_create(
            limit="watch_minutes", value=600, reason="x", valid_from=NOW.date(), set_by="x", at=NOW
        )
        assert look(settings, gap) == [("stuck", "landed")]
    assert Trouble.objects.count() == 2
    assert len(told()) == 2


def test_a_practice_without_an_owner_tells_its_managers(settings):
    factories.member(Role.MANAGER)
    factories.member(Role.BILLER)
    stuck_file()
    look(settings)
    assert len(told()) == 1


def test_failing_mail_is_told_by_every_channel_that_works(settings):
    factories.member(Role.OWNER)
    channel = asking_for_reports(factories.endpoint("Chat"))
    asking_for_reports(factories.endpoint("Old", state="paused"))
    failed_mail()
    look(settings)
    (sent,) = Outbox.objects.filter(endpoint__isnull=False)
    assert (sent.endpoint, sent.template) == (channel, "trouble.opened")
    assert set(sent.context["data"]) == {"trouble", "kind", "claims", "affects_numbers"}
    assert told("portal") == ["Mail does not go out: numbers are not touched"]


def test_a_failing_channel_is_told_by_mail(settings):
    factories.member(Role.OWNER)
    stopped_channel()
    look(settings)
    assert told() == ["A channel does not take messages: numbers are not touched"]


def test_nothing_that_is_said_names_a_person_or_a_payer(settings):
    factories.member(Role.OWNER)
    factories.endpoint("Chat")
    for fault in (bounced_address, new_code, silent_source, stuck_file):
        fault()
    look(settings)
    words = str([notice.said for notice in Notice.objects.all()])
    assert len(Notice.objects.filter(channel="endpoint")) == 4
    assert not [name for name in ("example.test", "Payer ", "Clearinghouse") if name in words]


def test_a_store_that_is_gone_is_a_trouble(settings, tmp_path):
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder was")
    settings.VAR_DIR = blocked
    assert look(settings) == [("storage", "files")]


def test_the_next_look_says_that_nobody_watched(settings):
    factories.member(Role.OWNER)
    look(settings)
    assert look(settings, timedelta(hours=5)) == []
    (row,) = Trouble.objects.all()
    assert (row.kind, row.state, row.words.title) == (
        "watch",
        "over",
        "Nobody watched from 2 March, 09:06 to 2 March, 14:06",
    )
    assert told() == ["Nobody watched: numbers are not touched"]


def test_the_web_sees_that_nobody_watches(settings):
    assert queries.alarm().unwatched_since is None
    look(settings)
    settings.FIXED_NOW += timedelta(minutes=31)
    assert queries.alarm().unwatched_since == NOW + timedelta(minutes=6)
    assert queries.alarm().is_red
    limits.set_limit(limit="watch_minutes", value=60, reason="a cron job every hour", actor="user:x")
    assert queries.alarm().unwatched_since is None


def test_rows_and_claims_that_numbers_leave_out_add_up(settings):
    waiting_row()
    Rejection.objects.update(position=4)
    look(settings)
    alarm = queries.alarm()
    assert (alarm.rows, alarm.claims, alarm.is_red) == (1, 0, True)


def test_people_take_it_and_hand_it_back_and_the_second_is_told(settings):
    stuck_file()
    look(settings)
    row = Trouble.objects.get()
    services.acknowledge(row, version=1, actor="user:ada")
    with pytest.raises(Conflict):
        services.acknowledge(row, version=1, actor="user:bob")
    with pytest.raises(Conflict, match="faster"):
        services.hand_back(row, version=1, actor="user:bob")
    services.hand_back(row, version=2, actor="user:ada")
    assert list(Step.objects.order_by("pk").values_list("kind", "actor")) == [
        ("opened", ""), ("acknowledged", "user:ada"), ("handed_back", "user:ada"),
    ]  # fmt: skip


def test_limits_are_the_practices_own_from_a_day_on(settings):
    stuck_file()
    limits.set_limit(limit="stuck_hours", value=4, reason="large files at night", actor="user:x")
    assert look(settings) == []
    with pytest.raises(Conflict, match="meanwhile"):
        limits.set_limit(limit="stuck_hours", value=5, reason="more", actor="user:y")
    mine = OwnLimit.objects.get()
    limits.set_limit(limit="stuck_hours", value=None, reason="back", actor="user:x", replaces=str(mine.public_id))
    assert look(settings) == [("stuck", "landed")]
    for told_wrong in ({"limit": "other"}, {"value": 73}, {"reason": " "}):
        with pytest.raises(Invalid):
            limits.set_limit(**{"limit": "stuck_hours", "value": 3, "reason": "x", "actor": "x", **told_wrong})
