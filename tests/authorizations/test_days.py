"""What is told of an authorization once, the payers' clocks, and that a killed worker changes nothing."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.authorizations.test_register import APRIL, claims, granted, take, told, visit
from tests.factories import member
from upstream.authorizations import queries, services
from upstream.authorizations.choices import Mark
from upstream.authorizations.clocks import Clocks
from upstream.authorizations.models import Entry, PayerSetting, ToldMark
from upstream.authorizations.rules import Standing, marks_reached
from upstream.claims.choices import Urgency
from upstream.claims.models import Payer
from upstream.core.errors import Invalid
from upstream.routing.models import Notice
from upstream.tenants.choices import Role

pytestmark = pytest.mark.usefixtures("practice")
TODAY = date(2026, 4, 6)


@pytest.fixture(autouse=True)
def in_april(settings) -> None:
    settings.FIXED_NOW = APRIL


def standing(days: int | None, approved: int | None = None, used: int = 0) -> Standing:
    until = TODAY + timedelta(days=days) if days is not None else None
    return Standing(until, Decimal(approved) if approved is not None else None, Decimal(used))


@pytest.mark.parametrize(
    ("seen", "lead", "marks"),
    [
        (standing(31), 14, []), (standing(30), 14, [Mark.DAYS_30]), (standing(14), 14, [Mark.DAYS_14, Mark.DAYS_30]),
        (standing(20), 21, [Mark.LEAD, Mark.DAYS_30]), (standing(45), 60, [Mark.LEAD]),
        (standing(0), 14, [Mark.DAYS_3, Mark.DAYS_14, Mark.DAYS_30]), (standing(-1, 10, 10), 14, []),
        (standing(90, 10, 9), 14, [Mark.USED]), (standing(90, 10, 8), 14, []), (standing(None, 10, 9), 14, [Mark.USED]),
        (standing(None, 0, 9), 14, []), (standing(3, 10, 10), 14, [Mark.DAYS_3, Mark.USED, Mark.DAYS_14, Mark.DAYS_30]),
    ],
)  # fmt: skip
def test_marks_are_reached_on_their_day(seen: Standing, lead: int, marks: list[Mark]):
    assert marks_reached(seen, today=TODAY, lead_days=lead) == marks


@given(days=st.integers(0, 400), lead=st.integers(1, 365), used=st.integers(0, 20))
def test_a_mark_once_reached_stays_reached_until_the_end(days: int, lead: int, used: int):
    until = TODAY + timedelta(days=days)
    seen = Standing(until, Decimal(20), Decimal(used))
    earlier = set(marks_reached(seen, today=TODAY, lead_days=lead))
    assert earlier <= set(marks_reached(seen, today=until, lead_days=lead))


def test_the_day_the_units_end_follows_from_the_last_four_weeks():
    assert Standing(None, Decimal(12), Decimal(4), Decimal(8)).runs_out(TODAY) == TODAY + timedelta(days=28)
    assert Standing(None, Decimal(12), Decimal(14), Decimal(8)).runs_out(TODAY) == TODAY
    assert standing(90, 12).runs_out(TODAY) is None


def test_each_mark_is_told_once_in_one_message_a_day(settings):
    member(Role.BILLER)
    member(Role.AUDITOR)
    told(granted(until="2026-05-05"), granted("AU2", until="2026-04-18"), granted("AU3", units="2", until="2026-12-31"))
    claims(visit("C1", number="AU3"))
    take()
    services.tell_day(0)
    assert services.tell_day(0) is False
    (mail,) = Notice.objects.filter(channel="mail")
    assert (mail.kind, mail.about) == ("authorizations.ending", "authorizations:2026-04-06")
    assert mail.said["lines"][:2] == ["2 end soon.", "1 is nearly used up."]
    assert mail.said["link"] == "http://127.0.0.1:8000/portal/authorizations/?show=near"
    marks = ToldMark.objects.order_by("entry", "mark").values_list("mark", "told")
    assert list(marks) == [("30", True), ("14", True), ("30", False), ("used", True)]
    settings.FIXED_NOW = APRIL + timedelta(days=1)
    services.tell_day(0)
    assert Notice.objects.filter(channel="mail").count() == 1
    settings.FIXED_NOW = APRIL + timedelta(days=15)
    services.tell_day(0)
    (_, later) = Notice.objects.filter(channel="mail").order_by("pk")
    assert later.said["data"] == {"ending": 1, "used": 0}


def test_the_payers_own_lead_time_is_a_mark_of_its_own():
    told(granted(until="2026-05-31"))
    take()
    (payer,) = Payer.objects.all()
    services.set_time(kind="lead", value=60, payer=payer, source="manual p. 12", actor="command:x")
    assert Clocks().lead(payer.pk, TODAY).source == "manual p. 12"
    services.tell_day(0)
    assert list(ToldMark.objects.values_list("mark", "told")) == [("lead", True)]


def of_type(kind: str) -> Payer:
    Payer.objects.update(payer_type=kind)
    return Payer.objects.get()


@pytest.mark.parametrize(
    ("kind", "urgency", "asked", "hours"),
    [
        ("medicare_advantage", "standard", date(2026, 1, 1), 168),
        ("medicare_advantage", "expedited", date(2026, 1, 1), 72),
        ("medicare_advantage", "standard", date(2025, 12, 31), 336),
        ("medicaid_ffs", "standard", date(2026, 3, 1), 168),
        ("medicaid_ffs", "standard", date(2025, 12, 31), None), ("medicaid_mco", "expedited", date(2026, 3, 1), 72),
        ("marketplace", "standard", date(2026, 3, 1), None), ("commercial", "expedited", date(2026, 3, 1), None),
        ("unknown", "standard", date(2026, 3, 1), None), ("medicare_ffs", "standard", date(2026, 3, 1), None),
    ],
)  # fmt: skip
def test_the_rule_of_2026_binds_the_payers_that_it_names(kind: str, urgency: str, asked: date, hours: int | None):
    told(granted())
    payer = of_type(kind)
    found = Clocks().decision(payer.pk, Urgency(urgency), asked)
    assert found.value == hours
    assert ("unknown" in found.source) is (hours is None)


def decided(asked: str, answered: str, urgency: str = "", status: str = "approved") -> Entry:
    told(f"AU1,Summit Mutual,{status},97110,24,12,{asked},{answered},,,{urgency},M100")
    of_type("medicare_advantage")
    take()
    return Entry.objects.get()


@pytest.mark.parametrize(
    ("asked", "answered", "urgency", "late"),
    [
        ("2026-03-02T09:00:00-06:00", "2026-03-09T09:00:00-06:00", "", False),
        ("2026-03-02T09:00:00-06:00", "2026-03-09T09:01:00-06:00", "", True),
        ("2026-03-02T09:00:00-06:00", "2026-03-05T09:00:01-06:00", "expedited", True),
        ("2026-03-02", "2026-03-09", "", False),
        ("2026-03-02", "2026-03-10", "", False),
        ("2026-03-02", "2026-03-11", "", True),
        ("2026-03-30", "", "", False),
        ("2026-03-29", "", "", True),
        ("2026-03-28", "", "", True),
    ],
)
def test_a_decision_is_late_past_its_clock_and_never_by_a_rounding(asked: str, answered: str, urgency: str, late: bool):
    entry = decided(asked, answered, urgency, "approved" if answered else "requested")
    assert entry.due_source.startswith("CMS-0057-F")
    assert list(queries.late(queries.Asked())) == ([entry] if late else [])


def test_what_the_practice_was_told_stands_before_the_rule_and_can_be_taken_back():
    decided("2026-03-02", "2026-03-09")
    (payer,) = Payer.objects.all()
    said = services.set_time(kind="standard", value=72, payer=payer, source="contract 4.2", actor="user:x")
    (row,) = queries.decisions()
    assert (row.in_time, row.late, Entry.objects.get().due_source) == (0, 1, "contract 4.2")
    services.take_back(said, actor="user:x")
    (row,) = queries.decisions()
    assert (row.in_time, row.late, PayerSetting.objects.count()) == (1, 0, 2)


@pytest.mark.parametrize(("kind", "value"), [("lead", 0), ("lead", 366), ("standard", 2161), ("other", 3)])
def test_times_out_of_range_are_refused(kind: str, value: int):
    with pytest.raises(Invalid):
        services.set_time(kind=kind, value=value, actor="user:x")


def test_an_entry_follows_its_payer():
    told(granted())
    take()
    entry = Entry.objects.select_related("told").get()
    other = Payer.objects.create(name="Civic Care", name_key="CIVIC CARE")
    entry.told.payer = other
    entry.told.save()
    services.tell_day(0)
    assert Entry.objects.get().payer == other


def test_requests_are_counted_by_payer():
    decided("2026-03-02", "2026-03-11")
    told("AU2,Summit Mutual,requested,97110,24,,2026-03-20,,,,,M100", known_at=datetime(2026, 3, 21, tzinfo=UTC))
    take()
    (row,) = queries.decisions()
    assert (row.payer, row.in_time, row.late, row.overdue, row.waiting, row.unknown) == ("Summit Mutual", 0, 1, 1, 0, 0)
