"""Files of reports: kept for as long as was said, shared, removed with the last report that has them, and linked."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.factories import findings, organization
from upstream.core import storage, tenancy
from upstream.core.errors import Unreadable
from upstream.delivery.models import Outbox
from upstream.reports import keeping, links, services
from upstream.reports.definitions import save_policy, standard
from upstream.reports.keeping import KEPT_AS
from upstream.reports.models import Artifact, ReportRun
from upstream.reports.rendering import make_good, render_run
from upstream.reports.stage import FILES
from upstream.tenants.services import tenant_keys

MADE = datetime(2026, 3, 2, 14, tzinfo=UTC)


def made(content: bytes = b"%PDF-1.7", **fields: Any) -> Artifact:
    """The PDF of a report of 2 March 2026, stored."""
    run = findings.report(**{"rendered_at": MADE, **fields})
    sha256, size = storage.put(KEPT_AS, [content], tenant_keys())
    Artifact.objects.filter(run=run, format="xlsx").delete()
    Artifact.objects.filter(run=run).update(sha256=sha256, size=size)
    return Artifact.objects.select_related("run").get(run=run)


def stored() -> list[str]:
    return list(storage.stored(KEPT_AS, tenant_keys()))


def swept() -> int:
    return sum(FILES.take(pk) for pk in list(FILES.ready()))


def test_a_file_is_removed_when_its_days_are_over_and_the_report_says_so(practice, settings) -> None:
    artifact = made()
    settings.FIXED_NOW = MADE + timedelta(days=730)
    assert swept() == 0
    settings.FIXED_NOW += timedelta(seconds=1)
    assert [FILES.take(artifact.pk), FILES.take(artifact.pk)] == [True, False]
    assert (stored(), list(FILES.ready())) == ([], [])
    artifact.refresh_from_db()
    assert artifact.removed_at == settings.FIXED_NOW
    with pytest.raises(Unreadable, match="make the report again"):
        services.open_artifact(artifact, actor="user:1")


def test_the_practice_and_the_report_say_how_long(practice, settings) -> None:
    save_policy(version=1, kept_days=60, may_attach=True)
    usual = made(b"usual", as_of=date(2026, 2, 22))
    longer = made(b"longer", definition=findings.definition(title="Longer", kept_days=90))
    settings.FIXED_NOW = MADE + timedelta(days=61)
    assert list(FILES.ready()) == [usual.pk]
    settings.FIXED_NOW = MADE + timedelta(days=91)
    assert list(FILES.ready()) == [usual.pk, longer.pk]


def test_a_file_that_two_reports_have_goes_with_the_last(practice, settings) -> None:
    first = made(as_of=date(2026, 2, 22))
    second = made(rendered_at=MADE + timedelta(days=7))
    assert first.sha256 == second.sha256
    settings.FIXED_NOW = MADE + timedelta(days=731)
    assert swept() == 1
    assert stored() == [second.sha256]
    settings.FIXED_NOW += timedelta(days=7)
    assert swept() == 1
    assert stored() == []


def test_a_mail_that_waits_keeps_its_file(practice, settings) -> None:
    run = services.request_run(kind="weekly", as_of=date(2026, 3, 1), actor="user:1")
    render_run(run.pk)
    pdf = run.artifacts.get(format="pdf")
    settings.FIXED_NOW = MADE + timedelta(days=731)
    swept()
    assert stored() == [pdf.sha256]
    Outbox.objects.update(state="sent")
    assert keeping.apply_retention() == 1
    assert stored() == []


def test_bytes_that_a_lost_worker_left_go_unless_a_report_is_being_made(practice) -> None:
    kept = made(b"kept")
    storage.put(KEPT_AS, [b"left behind"], tenant_keys())
    ReportRun.objects.filter(pk=kept.run_id).update(state="rendering")
    assert keeping.apply_retention() == 0
    ReportRun.objects.filter(pk=kept.run_id).update(state="rendered")
    assert keeping.apply_retention() == 1
    assert stored() == [kept.sha256]


def test_bytes_removed_between_storing_and_commit_are_stored_again(practice) -> None:
    kept, removed = (storage.put(KEPT_AS, [content], tenant_keys()) for content in (b"kept", b"removed"))
    storage.remove(KEPT_AS, removed[0], tenant_keys())
    make_good({"pdf": b"kept", "xlsx": b"removed"}, {"pdf": kept, "xlsx": removed}, tenant_keys())
    assert sorted(stored()) == sorted([kept[0], removed[0]])


def token(artifact: Artifact, lasting: timedelta = links.ON_A_PAGE) -> str:
    return links.file_path(artifact, lasting).split("/")[-2]


def test_a_link_opens_for_its_time_alone(practice, settings) -> None:
    artifact = made()
    short, long = token(artifact), token(artifact, links.IN_A_MAIL)
    assert links.opened(short) == links.opened(long) == artifact
    settings.FIXED_NOW += timedelta(seconds=3600)
    assert links.opened(short) == artifact
    settings.FIXED_NOW += timedelta(seconds=1)
    with pytest.raises(links.LinkOver) as over:
        links.opened(short)
    assert (over.value.artifact, over.value.status) == (artifact, 410)
    assert links.opened(long) == artifact


def test_a_link_that_was_not_signed_here_or_is_anothers_leads_nowhere(practice) -> None:
    artifact = made()
    mine = token(artifact)
    other = standard("weekly")
    assert links.opened(mine[:-1] + ("A" if mine[-1] != "A" else "B")) is None
    assert links.opened("nonsense") is None
    Artifact.objects.all().delete()
    assert links.opened(mine) is None
    assert other.pk


def test_a_link_of_another_practice_leads_nowhere(db, practice) -> None:
    mine = token(made())
    with tenancy._within(tenancy.UNBOUND):
        elsewhere = organization("valley", "Valley Clinic")
        with tenancy.bind(elsewhere.pk):
            assert links.opened(mine) is None
