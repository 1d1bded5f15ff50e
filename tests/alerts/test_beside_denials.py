"""What payers do beside denying as usual, from their files to the incident: its claims, money and words."""

import csv
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from django.core.management import call_command
from django.db.models import Sum
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.alerts import remits
from tests.alerts.bundles import worked_out_again
from tests.factories import organization
from tests.factories.worlds import LAST_SUNDAY, World, build, noon
from tests.ingestion.told import status, tell
from upstream.alerts import intake
from upstream.alerts.models import Incident
from upstream.alerts.recompute import differences
from upstream.core import tenancy
from upstream.detection import services
from upstream.detection.models import Signal
from upstream.reports.wording import incident_sentence, short_title

MONDAY = LAST_SUNDAY - timedelta(days=6)
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """A quiet practice of two payers, bound: 40 claims a week each, 20 of them visits billed at $185, allowed $98."""
    made = organization()
    with tenancy.bind(made.pk):
        yield build(made)


def told() -> Incident:
    """The one incident that the last run opens; worked out again, it comes out the same."""
    intake.take_signals(services.run(LAST_SUNDAY).pk)
    found: Incident = Incident.objects.get()
    members = found.members.all()
    assert members.count() == found.observed
    assert (members.aggregate(Sum("expected_cents"))["expected_cents__sum"] or 0) == found.claims_cents
    assert differences(found) == {}
    with TemporaryDirectory() as folder:
        assert worked_out_again(found, Path(folder)) >= {"observed", "decided", "expected", "rate", "lost_cents"}
    return found


def replayed(world: World, path: Path) -> dict[str, str]:
    """The one alert of a replay of the day of the live run."""
    slug, file = world.organization.slug, path / "alerts.csv"
    day = LAST_SUNDAY.isoformat()
    call_command("replay", "--tenant", slug, "--output", str(file), "--from", day, "--to", day, stdout=StringIO())
    with file.open(newline="") as rows:
        (row,) = csv.DictReader(rows)
    return row


def shown_everywhere(world: World, found: Incident, path: Path) -> None:
    """The replay raises it, the export lists it, and the weekly report tells of it on paper and in the workbook."""
    row = replayed(world, path)
    assert (row["metric"], row["direction"]) == (found.metric, "adverse")
    assert (row["title"], row["week"]) == (found.title, LAST_SUNDAY.isoformat())
    slug, file = world.organization.slug, path / "incidents.csv"
    call_command("export_incidents", "--tenant", slug, "--output", str(file), stdout=StringIO())
    with file.open(newline="", encoding="utf-8-sig") as rows:
        (exported,) = csv.DictReader(rows)
    assert (exported["metric"], exported["title"]) == (found.metric, found.title)
    assert exported["observed"] == str(found.observed)
    weekly = path / "weekly.xlsx"
    asked = ("--tenant", slug, "--kind", "weekly", "--as-of", LAST_SUNDAY.isoformat(), "--format")
    call_command("render_report", *asked, "xlsx", "--output", str(weekly), stdout=StringIO())
    cells = {cell for sheet in load_workbook(weekly) for line in sheet.iter_rows(values_only=True) for cell in line}
    call_command("render_report", *asked, "pdf", "--output", str(path / "weekly.pdf"), stdout=StringIO())
    paper = " ".join(" ".join(page.extract_text() for page in PdfReader(path / "weekly.pdf").pages).split())
    assert short_title(found) in cells
    assert short_title(found) in paper
    assert incident_sentence(found) in paper


def test_visits_paid_under_a_cheaper_code(world: World, tmp_path: Path) -> None:
    numbers = [f"D{i}" for i in range(40)]
    remits.billed(numbers, "99213", 185, MONDAY - timedelta(days=14))
    loops = [remits.paid_loop(n, "99213", 185, 60, instead="99212") for n in numbers[:22]]
    loops += [remits.paid_loop(n, "99213", 185, 98) for n in numbers[22:]]
    remits.remitted(loops, TUESDAY, paid=22 * 60 + 18 * 98)
    found = told()
    assert found.title == (
        "Summit Mutual pays 99212 where 99213 was billed since around 2 March: 22 of 56 claims, usually 0."
    )
    assert (found.metric, found.procedure_code, found.claims_cents) == ("down_coding", "99213", 22 * 3_800)
    assert 0 < found.lost_low_cents <= found.lost_cents <= found.lost_high_cents
    assert found.lost_cents == pytest.approx(found.claims_cents, rel=0.03)
    assert found.finding["parts_are"] == "of the 22 claims answered with a cheaper code of this incident"
    assert found.finding["parts"]["procedure"][0]["key"] == "99213"
    shown_everywhere(world, found, tmp_path)


def test_another_name_for_a_code_of_the_same_price_is_no_down_code(world: World) -> None:
    numbers = [f"D{i}" for i in range(30)]
    remits.billed(numbers, "99213", 185, MONDAY - timedelta(days=14))
    remits.remitted([remits.paid_loop(n, "99213", 185, 98, instead="G0463") for n in numbers], TUESDAY, paid=30 * 98)
    intake.take_signals(services.run(LAST_SUNDAY).pk)
    assert list(Incident.objects.all()) == []


def test_payments_that_are_taken_back(world: World, tmp_path: Path) -> None:
    visits, scans = [f"V{i}" for i in range(15)], [f"M{i}" for i in range(15)]
    sent, answered = MONDAY - timedelta(days=63), MONDAY - timedelta(days=48)
    remits.billed(visits, "99213", 185, sent)
    remits.billed(scans, "73721", 980, sent)
    loops = [remits.paid_loop(n, "99213", 185, 98) for n in visits]
    loops += [remits.paid_loop(n, "73721", 980, 360) for n in scans]
    remits.remitted(loops, answered, paid=15 * 98 + 15 * 360)
    back = [remits.reversed_loop(n, "99213", 185, 98) for n in visits]
    back += [remits.paid_loop(n, "99213", 185, 40) for n in visits[:10]]
    back += [remits.reversed_loop(n, "73721", 980, 360) for n in scans]
    # The first provider adjustment only carries out the reversal of one of the claims; the second names none of ours.
    remits.remitted(back, TUESDAY, paid=0, plb="PLB*1234567893*20261231*WO:ICNV14*98*72:OTHER*250")
    found = told()
    assert found.title == "Summit Mutual started taking back payments for claims around 2 March: 30 claims, usually 0."
    assert found.finding["expected_allowed_from"] == (
        "what the payer took back; $250.00 more in provider adjustments that name no claim of ours (1)"
    )
    assert (found.metric, found.claims_cents) == ("take_backs", 10 * 5_800 + 5 * 9_800 + 15 * 36_000)
    assert found.lost_high_cents >= found.claims_cents
    assert found.deadline is None
    shown_everywhere(world, found, tmp_path)


def unanswered(*, turned_away: bool) -> None:
    """Of eight visits a week two were answered; the others never, or were turned away all but one."""
    for back in range(7, 2, -1):
        day = MONDAY - timedelta(days=7 * back)
        numbers = [f"S{back}-{i}" for i in range(8)]
        remits.billed(numbers, "99213", 185, day)
        remits.remitted(
            [remits.paid_loop(n, "99213", 185, 98) for n in numbers[:2]], day + timedelta(days=15), paid=196
        )
        if turned_away:
            told = [status(n, "A7", effective_date=day, position=i) for i, n in enumerate(numbers[2:])]
            again = status(numbers[7], "A2", effective_date=day + timedelta(days=2), position=20)
            tell(*told, known_at=noon(day + timedelta(days=1)))
            tell(again, known_at=noon(day + timedelta(days=2)))


def test_claims_that_are_never_answered(world: World, tmp_path: Path) -> None:
    unanswered(turned_away=False)
    found = told()
    assert found.title.startswith("Summit Mutual leaves ")
    assert " without an answer since around " in found.title
    assert (found.metric, found.observed, found.deadline) == ("silent_claims", 30, None)
    assert found.claims_cents == 30 * 9_800
    shown_everywhere(world, found, tmp_path)


def test_claims_that_were_turned_away_are_not_waited_for(world: World) -> None:
    unanswered(turned_away=True)
    view = services.load_world(world.organization).at(np.datetime64(MONDAY, "D"))
    assert len(view.events.statuses.turned_away()) == 25
    found = Signal.objects.get(run=services.run(LAST_SUNDAY), metric="silent_claims")
    assert found.finding["since_onset"]["observed"] == 5


def test_a_reason_never_given_before(world: World, tmp_path: Path) -> None:
    for back in (14, 7):
        day = MONDAY - timedelta(days=back + 7)
        numbers = [f"N{back}-{i}" for i in range(9)]
        remits.billed(numbers, "99213", 185, day)
        remits.remitted([remits.denied_loop(n, "99213", 185, "252") for n in numbers], day + timedelta(days=14), paid=0)
    found = told()
    assert (found.metric, found.procedure_code, found.denial_reason) == ("denial_rate", "99213", "CO-252")
    assert found.title.startswith("Summit Mutual started denying follow-up visit (99213) for missing records around ")
    assert (found.observed, found.claims_cents) == (18, 18 * 9_800)
    shown_everywhere(world, found, tmp_path)
