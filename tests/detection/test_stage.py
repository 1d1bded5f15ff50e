"""Files that were read are analysed once, all together."""

from datetime import UTC, datetime, timedelta

from pytest_django import Settings

from tests.factories import batch
from tests.factories.worlds import LAST_SUNDAY, World, noon
from upstream.detection import services
from upstream.detection.models import DetectionRun
from upstream.detection.stage import STAGE
from upstream.ingestion.choices import BatchState
from upstream.ingestion.models import Batch


def states() -> set[str]:
    return set(Batch.objects.values_list("state", flat=True))


def test_every_loaded_file_is_analysed_by_one_run(changed: World) -> None:
    newest = batch()
    assert list(STAGE.ready()) == [newest.pk]
    assert STAGE.take(newest.pk)
    assert (states(), list(STAGE.ready())) == ({BatchState.ANALYSED}, [])
    assert [run.as_of for run in DetectionRun.objects.all()] == [LAST_SUNDAY]


def test_nothing_is_analysed_while_a_file_waits_to_be_read(changed: World) -> None:
    batch(state=BatchState.LANDED)
    assert list(STAGE.ready()) == []


def test_a_file_is_analysed_once(changed: World) -> None:
    (ready,) = STAGE.ready()
    assert STAGE.take(ready)
    assert not STAGE.take(ready)
    assert DetectionRun.objects.count() == 1


def test_nothing_is_judged_beyond_today(changed: World, settings: Settings) -> None:
    settings.FIXED_NOW = datetime.combine(LAST_SUNDAY - timedelta(days=10), datetime.min.time(), tzinfo=UTC)
    (ready,) = STAGE.ready()
    STAGE.take(ready)
    assert [run.as_of for run in DetectionRun.objects.all()] == [LAST_SUNDAY - timedelta(days=11)]


def test_a_file_without_claims_is_analysed_too(quiet: World) -> None:
    services.run(LAST_SUNDAY)
    lone = batch()
    assert STAGE.take(lone.pk)
    assert DetectionRun.objects.count() == 1


def test_a_quiet_practice_is_looked_at_once_a_day(quiet: World, settings: Settings) -> None:
    settings.FIXED_NOW = noon(LAST_SUNDAY)
    (newest,) = STAGE.ready()
    assert STAGE.take(newest)
    settings.FIXED_NOW = noon(LAST_SUNDAY) + timedelta(hours=20)
    assert (list(STAGE.ready()), STAGE.take(newest)) == ([], False)
    settings.FIXED_NOW = noon(LAST_SUNDAY) + timedelta(hours=21)
    assert list(STAGE.ready()) == [newest]
    assert STAGE.take(newest)
    run = DetectionRun.objects.get()
    assert (run.finished_at, run.looked_at) == (noon(LAST_SUNDAY), noon(LAST_SUNDAY) + timedelta(hours=21))
    assert (list(STAGE.ready()), STAGE.take(newest)) == ([], False)


def test_nothing_is_looked_at_while_a_file_waits_to_be_read(quiet: World, settings: Settings) -> None:
    settings.FIXED_NOW = noon(LAST_SUNDAY)
    STAGE.take(next(iter(STAGE.ready())))
    settings.FIXED_NOW = noon(LAST_SUNDAY) + timedelta(days=2)
    batch(state=BatchState.LANDED)
    assert list(STAGE.ready()) == []
