"""Versions of the method: which is in force, how two differ on the practice's own history, and the switch."""

import json
from datetime import date, timedelta
from io import StringIO
from math import inf, log10

import pytest
from auditlog.models import LogEntry
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.alerts.conftest import Practice
from tests.factories import findings
from tests.factories.worlds import LAST_SUNDAY, noon
from upstream.core.errors import Conflict, Invalid
from upstream.detection import method_choices, services
from upstream.detection.methods import METHODS, NEWEST, named
from upstream.detection.models import MethodChoice
from upstream.detection.rules import DELAY, DENIAL, SILENCE, Budget

TODAY = LAST_SUNDAY + timedelta(days=1)
OLD = METHODS[0]


@pytest.fixture(autouse=True)
def monday(settings: Settings) -> None:
    settings.FIXED_NOW = noon(TODAY)


def said(practice: Practice, *options: str) -> str:
    out = StringIO()
    call_command("method", "--tenant", practice.world.organization.slug, *options, stdout=out)
    return out.getvalue()


def test_names_and_words_of_versions_fit_where_they_are_kept() -> None:
    assert [method.name for method in METHODS] == ["two-clock 1", "two-clock 2"]
    assert all(len(method.name) <= 20 and method.changes for method in METHODS)
    assert all(set(m.parameters.fits) == set(m.parameters.family_shares) for m in METHODS)
    assert all(sum(m.parameters.family_shares.values()) == pytest.approx(1.0) for m in METHODS)
    with pytest.raises(Invalid, match="no method"):
        named("two-clock 0")


def test_the_older_version_judges_what_it_judged_then() -> None:
    old, new = Budget(0.2, OLD.parameters), Budget(0.2)
    assert old.evidence_for(SILENCE) == inf
    assert old.strength(99.0, SILENCE) is None
    assert old.evidence_for(DENIAL) == pytest.approx(2.2 - 1.28 * log10(0.7 * 0.2 / 13 / 0.01))
    assert old.evidence_for(DELAY) < new.evidence_for(DELAY)


def test_an_update_of_the_software_changes_nothing_unasked(practice: Practice) -> None:
    assert method_choices.method_on(TODAY) == NEWEST
    findings.run(method=OLD.name)
    assert method_choices.method_on(TODAY) == OLD
    assert services.run(LAST_SUNDAY).method == OLD.name


def test_a_switch_holds_from_its_day_and_is_taken_back(practice: Practice) -> None:
    made = method_choices.choose(OLD.name, actor="user:x", valid_from=TODAY + timedelta(days=7))
    assert method_choices.method_on(TODAY) == NEWEST
    assert method_choices.method_on(TODAY + timedelta(days=7)) == OLD
    assert method_choices.undo(actor="user:y") == made
    assert method_choices.method_on(TODAY + timedelta(days=7)) == NEWEST
    kept = MethodChoice.objects.get()
    assert (kept.method, kept.chosen_by, kept.undone_by) == (OLD.name, "user:x", "user:y")
    entries = LogEntry.objects.get_for_model(MethodChoice).order_by("pk")
    assert [entry.changes.get("undone_by") for entry in entries] == [["None", ""], ["", "user:y"]]


@pytest.mark.parametrize(
    ("name", "day", "code"),
    [
        (NEWEST.name, None, "in_force"),
        (OLD.name, TODAY - timedelta(days=1), "day_passed"),
        ("two-clock 0", None, "unknown_method"),
    ],
)
def test_what_cannot_be_chosen(name: str, day: date | None, code: str, practice: Practice) -> None:
    with pytest.raises((Conflict, Invalid)) as refused:
        method_choices.choose(name, actor="user:x", valid_from=day)
    assert refused.value.code == code
    with pytest.raises(Conflict):
        method_choices.undo(actor="user:x")


def test_the_command_compares_switches_and_takes_back(practice: Practice) -> None:
    told = json.loads(said(practice, "--compare", OLD.name, "--json"))
    assert (told["methods"], told["both"], told["alone"]) == ([NEWEST.name, OLD.name], 1, [0, 0])
    ((now, other),) = told["incidents"]
    assert now["title"].startswith("Summit Mutual started denying knee MRI (73721)")
    assert now["week"] <= LAST_SUNDAY.isoformat() >= other["week"]
    assert now["lost_cents"] > 0
    assert "1 in both, 0 by two-clock 2 alone, 0 by two-clock 1 alone" in said(practice, "--compare", OLD.name)
    assert "* two-clock 1" in said(practice, "--switch", OLD.name)
    assert "* two-clock 2" in said(practice, "--undo")
    with pytest.raises(CommandError, match="unknown_method"):
        said(practice, "--switch", "two-clock 0")
