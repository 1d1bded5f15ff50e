"""Whose word counts for a payer's clocks, and that open incidents follow it at once."""

from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from tests.alerts.conftest import Practice
from tests.factories.worlds import LAST_SUNDAY, STEP, noon
from upstream.alerts.clocks import clocks_of, windows_of
from upstream.alerts.models import Incident, PayerClock
from upstream.alerts.payer_clocks import set_clock, set_type
from upstream.alerts.recompute import differences
from upstream.claims.choices import PayerType
from upstream.core.errors import Invalid

DAY = date(2026, 3, 1)
ACTOR = "user:someone"


@pytest.fixture(autouse=True)
def sunday(settings: Settings) -> None:
    settings.FIXED_NOW = noon(LAST_SUNDAY)


def appeal(practice: Practice, day: date = DAY) -> tuple[int, str, str]:
    standing = clocks_of(practice.world.summit.pk, day)["appeal"]
    return standing.window.days, standing.window.source, standing.basis


def test_contract_comes_before_setting_before_type_before_unknown(practice: Practice) -> None:
    summit = practice.world.summit
    assert appeal(practice) == (30, "payer type unknown: check contract", "unknown")
    set_type(summit, PayerType.COMMERCIAL)
    assert appeal(practice) == (180, "usual in public lists: check contract", "payer type")
    set_clock(summit, action="appeal", basis="setting", days=100, actor=ACTOR)
    assert appeal(practice) == (100, "set by this practice", "setting")
    set_clock(summit, action="appeal", basis="contract", days=45, source="contract 2025, 7.2", actor=ACTOR)
    assert appeal(practice) == (45, "contract 2025, 7.2", "contract")
    set_clock(summit, action="appeal", basis="contract", days=None, actor=ACTOR)
    assert appeal(practice) == (100, "set by this practice", "setting")


def test_a_contract_counts_from_its_day_on(practice: Practice) -> None:
    summit = practice.world.summit
    set_clock(summit, action="appeal", basis="contract", days=45, valid_from=DAY, actor=ACTOR)
    assert appeal(practice, DAY - timedelta(days=1))[0] == 30
    assert appeal(practice)[0] == 45
    assert PayerClock.objects.get().said_by == ACTOR


@pytest.mark.parametrize(
    ("payer_type", "windows"),
    [
        (PayerType.MEDICARE, (365, 365, 120, 30)),
        (PayerType.MEDICARE_ADVANTAGE, (180, 180, 60, 30)),
        (PayerType.MEDICARE_ADVANTAGE_OTHER, (365, 365, 60, 30)),
        (PayerType.MEDICAID, (365, 95, 30, 30)),
        (PayerType.MEDICAID_PLAN, (120, 120, 60, None)),
        (PayerType.COMMERCIAL, (90, 90, 180, 30)),
        (PayerType.SELF_FUNDED, (90, 90, 180, None)),
        (PayerType.MARKETPLACE, (90, 90, 180, None)),
        (PayerType.BLUECARD, (90, 90, 60, None)),
        (PayerType.TRICARE, (365, 365, 90, 30)),
        (PayerType.VETERANS, (180, 90, 60, 30)),
        (PayerType.INJURY, (90, 90, 60, None)),
        (PayerType.UNKNOWN, (90, 90, 30, None)),
    ],
)
def test_types_have_their_usual_clocks(
    practice: Practice, payer_type: PayerType, windows: tuple[int | None, ...]
) -> None:
    """First filing, corrected claim, appeal and payment, in days; what the state or the plan decides is unknown."""
    set_type(practice.world.summit, payer_type)
    found = clocks_of(practice.world.summit.pk, DAY)
    days = (found[a].window.days if a in found else None for a in ("filing", "refile", "appeal", "payment"))
    assert tuple(days) == windows
    assert (found["document"].window.days, found["dispute"].window.days) == (30, 180)


def test_an_open_incident_follows_the_type_at_once(practice: Practice, incident: Incident) -> None:
    assert (incident.deadline, incident.payer) == (STEP + timedelta(days=30), practice.world.summit)
    set_type(practice.world.summit, PayerType.COMMERCIAL)
    incident.refresh_from_db()
    assert incident.deadline == STEP + timedelta(days=180)
    assert incident.deadline_source == "Appeal, 180 days: usual in public lists: check contract"
    assert {member.due_source for member in incident.members.all()} == {incident.deadline_source}
    assert differences(incident) == {}


def test_an_open_incident_follows_the_contract_and_its_severity_the_time_left(
    practice: Practice, incident: Incident
) -> None:
    set_clock(practice.world.summit, action="appeal", basis="contract", days=21, source="7.2", actor=ACTOR)
    incident.refresh_from_db()
    assert incident.deadline_source == "Appeal, 21 days: 7.2"
    assert (incident.deadline, incident.severity) == (STEP + timedelta(days=21), "critical")
    assert differences(incident) == {}


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("clock", {"action": "sleep", "basis": "contract", "days": 3}),
        ("clock", {"action": "appeal", "basis": "rumour", "days": 3}),
        ("days", {"action": "appeal", "basis": "contract", "days": 0}),
        ("days", {"action": "appeal", "basis": "contract", "days": 4000}),
    ],
)
def test_clocks_that_cannot_be_are_refused(practice: Practice, field: str, values: dict[str, object]) -> None:
    with pytest.raises(Invalid) as refused:
        set_clock(practice.world.summit, actor=ACTOR, **values)  # what a form may send
    assert refused.value.code == field


def test_types_that_we_do_not_have_are_refused(practice: Practice) -> None:
    with pytest.raises(Invalid, match="no such type"):
        set_type(practice.world.summit, "barter")


def test_windows_cost_as_many_queries_as_one(
    practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for carcs in ({"197"}, {"197", "16", "29"}):
        with django_assert_num_queries(4):
            windows_of(carcs, DAY, practice.world.summit.pk)
