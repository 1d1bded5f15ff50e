"""When a source is asked again, rests, and comes back; and what may be changed about it."""

from datetime import timedelta

import pytest

from tests.ingestion.sources.conftest import FILE, NOW, Desk
from upstream.core.errors import Conflict, DomainError, Invalid
from upstream.ingestion.models import Batch, Source, SourceObject, SourceRun
from upstream.ingestion.sources import queries, services
from upstream.ingestion.sources.choices import Circuit, ObjectState, SourceRunState
from upstream.ingestion.sources.rules import after_failure
from upstream.pipeline import run_to_end


@pytest.mark.parametrize(
    ("before", "lasting", "after"),
    [
        (0, False, (1, "closed", timedelta(minutes=1))),
        (1, False, (2, "closed", timedelta(minutes=2))),
        (3, False, (4, "closed", timedelta(minutes=8))),
        (4, False, (5, "open", timedelta(hours=1))),
        (5, False, (6, "open", timedelta(hours=2))),
        (30, False, (31, "open", timedelta(hours=6))),
        (0, True, (1, "open", timedelta(hours=6))),
    ],
)
def test_waits_grow_and_then_the_source_rests(before: int, lasting: bool, after: tuple) -> None:
    health = after_failure(before, lasting=lasting, now=NOW, jitter=1.0)
    assert (health.failures, health.circuit, health.next_at - NOW) == after
    assert after_failure(before, lasting=lasting, now=NOW, jitter=0.0).next_at - NOW == after[2] / 2


def test_a_source_rests_after_five_failures_is_probed_and_comes_back(desk: Desk) -> None:
    source = desk.add("folder", folder="later", complete="rename")
    for number in range(1, 6):
        assert desk.pull(source).state == SourceRunState.FAILED
        assert (source.failures, source.circuit) == (number, Circuit.OPEN if number == 5 else Circuit.CLOSED)
    assert source.error_message.startswith("there is no such folder")
    assert not queries.due().exists()
    (desk.inbox.parent / "later").mkdir()
    (desk.inbox.parent / "later" / "a.csv").write_bytes(FILE)
    assert desk.pull(source).received == 1
    assert (source.failures, source.circuit, source.error_message) == (0, Circuit.CLOSED, "")


def test_a_connection_that_works_again_ends_the_rest(desk: Desk) -> None:
    source = desk.add("folder", folder="inbox")
    Source.objects.update(circuit=Circuit.OPEN, failures=7, next_run_at=NOW + timedelta(hours=6))
    desk.inbox.joinpath("a.csv").write_bytes(FILE)
    source.refresh_from_db()
    assert services.try_connection(source).words == "It works: one file lies there that would be taken."
    source.refresh_from_db()
    assert (source.circuit, source.failures, source.next_run_at) == (Circuit.CLOSED, 0, NOW)
    assert not Batch.objects.exists()


def test_pulls_that_are_killed_again_and_again_end_in_a_rest(desk: Desk) -> None:
    source = desk.add("folder", folder="inbox")
    Source.objects.update(failures=4)
    SourceRun.objects.create(source=source, started_at=NOW)
    run_to_end()
    source.refresh_from_db()
    assert (source.circuit, source.error_code) == (Circuit.OPEN, "interrupted")
    assert SourceRun.objects.get().state == SourceRunState.INTERRUPTED


def test_a_file_that_kills_every_time_is_given_up(desk: Desk) -> None:
    source = desk.add("folder", folder="inbox", complete="rename")
    desk.inbox.joinpath("a.csv").write_bytes(FILE)
    desk.pull(source)
    SourceObject.objects.update(state=ObjectState.FETCHING, attempts=5)
    desk.pull(source)
    assert desk.seen(source) == [("a.csv", "failed")]


def test_the_pipeline_pulls_and_loads(desk: Desk) -> None:
    desk.inbox.joinpath("a.csv").write_bytes(FILE)
    desk.add("folder", folder="inbox", complete="rename")
    run_to_end()
    assert [batch.state for batch in Batch.objects.all()] == ["analysed"]


def test_a_source_that_is_off_is_not_asked(desk: Desk) -> None:
    source = desk.add("folder", folder="inbox")
    services.switch(source, on=False)
    assert not queries.due().exists()
    with pytest.raises(Conflict, match="switched off"):
        services.ask_now(source)
    services.switch(source, on=True)
    assert queries.due().get() == source


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "bad_name"),
        ({"name": "x" * 81}, "bad_name"),
        ({"schedule_words": "sometimes"}, "bad_schedule"),
        ({"time_zone": "Mars/Base"}, "unknown_time_zone"),
        ({"kind": "carrier pigeon"}, "unknown_kind"),
        ({"values": {"folder": "x", "colour": "red"}}, "unknown_setting"),
        ({"values": {"folder": "x", "complete": "never"}}, "bad_setting"),
        ({"values": {"folder": "x\0"}}, "bad_setting"),
    ],
)
def test_what_cannot_be_a_source_is_refused(desk: Desk, changes: dict, code: str) -> None:
    told = {"kind": "folder", "name": "In", "values": {"folder": "x"}, "schedule_words": "hourly", **changes}
    with pytest.raises(DomainError) as refused:
        services.add_source(**told)
    assert refused.value.code == code
    assert not Source.objects.exists()


def test_two_sources_never_have_one_name(desk: Desk) -> None:
    desk.add("folder", folder="a")
    with pytest.raises(Conflict):
        services.add_source(kind="folder", name="folder  1", values={"folder": "b"}, schedule_words="hourly")
    with pytest.raises(Invalid):
        services.found("folder 2")
