"""What would have been raised, and an incident worked out again."""

import csv
import json
from contextlib import suppress
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from tests.alerts.conftest import Practice
from tests.factories import claim, organization
from tests.factories.worlds import LAST_SUNDAY, STEP, WEEKS, add_weeks, build, noon, recount
from upstream.alerts import intake
from upstream.alerts.models import Incident
from upstream.alerts.raising import COLUMNS
from upstream.claims.models import Claim
from upstream.core import tenancy
from upstream.detection import services


def replayed(practice: Practice, path: Path, *options: str) -> list[dict[str, str]]:
    slug = practice.world.organization.slug
    call_command("replay", "--tenant", slug, "--output", str(path), *options, stdout=StringIO())
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_the_step_is_raised_within_four_weeks(practice: Practice, tmp_path: Path) -> None:
    (row,) = replayed(practice, tmp_path / "alerts.csv")
    assert tuple(row) == COLUMNS
    keys = (row["payer"], row["procedure_code"], row["denial_reason"], row["location"])
    assert keys == ("Summit Mutual", "73721", "CO-197", "")
    assert (row["metric"], row["direction"], row["incident_id"]) == ("denial_rate", "adverse", "1")
    assert STEP < date.fromisoformat(row["week"]) <= STEP + timedelta(days=27)
    assert float(row["expected_annual_dollars"]) > 0
    assert row["title"].startswith("Summit Mutual started denying knee MRI (73721)")


def test_steps_of_a_day_raise_the_same_on_the_same_days(practice: Practice, tmp_path: Path) -> None:
    since = (STEP - timedelta(days=14)).isoformat()
    weekly = replayed(practice, tmp_path / "week.csv", "--from", (STEP - timedelta(days=8)).isoformat())
    daily = replayed(practice, tmp_path / "day.csv", "--step", "day", "--from", since)
    assert daily == weekly


def test_a_later_file_changes_no_earlier_replay(practice: Practice, tmp_path: Path) -> None:
    until = ("--to", LAST_SUNDAY.isoformat())
    before = replayed(practice, tmp_path / "before.csv", *until)
    add_weeks(practice.world, WEEKS, WEEKS + 3)
    late = noon(LAST_SUNDAY + timedelta(days=2))
    claim(
        practice.world.summit, procedure_code="00100", submitted_date=STEP, known_at=late, decision_known_at=late,
    )  # fmt: skip
    recount(practice.world.organization)
    assert replayed(practice, tmp_path / "after.csv", *until) == before


def test_json_is_one_object(practice: Practice, tmp_path: Path) -> None:
    said = StringIO()
    path, slug = tmp_path / "alerts.csv", practice.world.organization.slug
    call_command("replay", "--tenant", slug, "--output", str(path), "--json", stdout=said)
    answer = json.loads(said.getvalue())
    assert (answer["tenant"], answer["to"], answer["steps"], answer["alerts"]) == (slug, "2026-03-08", 44, 1)


def recomputed(practice: Practice, incident: Incident) -> dict[str, Any]:
    said = StringIO()
    slug = practice.world.organization.slug
    with suppress(SystemExit):
        call_command("recompute", str(incident.public_id), "--tenant", slug, "--json", stdout=said)
    answer: dict[str, Any] = json.loads(said.getvalue())
    return answer


def test_an_incident_comes_out_identical(practice: Practice, incident: Incident) -> None:
    assert recomputed(practice, incident) == {"incident": str(incident.public_id), "identical": True, "differs": {}}


def test_later_files_leave_it_identical(practice: Practice, incident: Incident) -> None:
    add_weeks(practice.world, WEEKS, WEEKS + 1)
    assert recomputed(practice, incident)["identical"]


def test_changed_history_is_named(practice: Practice, incident: Incident) -> None:
    behind = incident.members.first()
    assert behind is not None
    Claim.objects.filter(pk=behind.claim_id).update(outcome=1, denial_carc="", denial_group="", allowed_cents=36_000)
    recount(practice.world.organization)
    answer = recomputed(practice, incident)
    assert not answer["identical"]
    assert answer["differs"]["observed"] == [30, 29]
    assert answer["differs"]["claims"] == [30, 29]
    assert "input_hash" in answer["differs"]


@pytest.mark.django_db(transaction=True)
def test_the_practice_is_found_by_the_incident_alone() -> None:
    organization("first")
    second = organization("second")
    with tenancy.bind(second.pk), transaction.atomic():
        build(second, step=STEP)
        intake.take_signals(services.run(LAST_SUNDAY).pk)
        incident = Incident.objects.get()
    said = StringIO()
    call_command("recompute", str(incident.public_id), stdout=said)
    assert said.getvalue().strip() == "identical"


@pytest.mark.django_db(transaction=True)
def test_an_incident_of_nobody_is_refused() -> None:
    organization("first")
    with pytest.raises(CommandError, match="no such incident"):
        call_command("recompute", "6d1f2a40-0000-4000-8000-000000000000")


def test_an_unknown_incident_is_refused(practice: Practice) -> None:
    with pytest.raises(CommandError, match="no such incident"):
        call_command("recompute", "6d1f2a40-0000-4000-8000-000000000000", "--tenant", practice.world.organization.slug)
