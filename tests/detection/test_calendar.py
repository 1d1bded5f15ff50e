"""The calendar: who said what since when, which weeks that leaves out, and that a look remembers it."""

from datetime import date, timedelta

import numpy as np
import pytest
from django.db import transaction

from tests.factories import organization, payer
from tests.factories.worlds import LAST_SUNDAY, World
from upstream.core import tenancy
from upstream.core.errors import Conflict, Invalid
from upstream.detection import services
from upstream.detection.calendar import queries
from upstream.detection.calendar.masking import masks_of
from upstream.detection.calendar.rules import Event, shared_days, standing
from upstream.detection.calendar.services import add, end, extend_shared, put_back, say_of_shared, take_back
from upstream.detection.choices import EventEffect
from upstream.detection.detectors.masks import Masks
from upstream.detection.knowledge import knowledge
from upstream.detection.methods import NEWEST
from upstream.detection.models import CalendarEvent, DetectionRun, SharedEvent, Signal
from upstream.ingestion.quality.rhythm import bank_holidays

ACTOR = "user:someone"
MASK, NOTE = EventEffect.MASK, EventEffect.NOTE
OUTAGE = date(2026, 1, 14)


def entered(**values: object) -> CalendarEvent:
    given = {"name": "Portal outage", "kind": "outage", "first": OUTAGE, "last": OUTAGE, "effect": MASK, "actor": ACTOR}
    return add(**{**given, **values})  # the test chooses


def mondays(*days: date) -> frozenset[np.datetime64]:
    return frozenset(np.datetime64(day, "D") for day in days)


def in_force(day: date) -> list[str]:
    """Names of the practice's own events."""
    own = {event.name for event in queries.calendar().own}
    return [event.name for event in queries.calendar().at(day) if event.name in own]


def test_federal_holidays_are_those_on_which_banks_rest() -> None:
    for year in range(2021, 2036):
        assert {event.first for event in shared_days(year) if event.kind == "holiday"} == bank_holidays(year)


def test_every_calendar_begins_with_what_all_practices_share(db: None) -> None:
    kept = {row.key: row.event for row in SharedEvent.objects.all()}
    assert {event.shared: event for year in range(2018, 2036) for event in shared_days(year)}.items() <= kept.items()
    assert kept["clearinghouse-outage-2024"].effect == NOTE
    assert not [event for event in kept.values() if event.effect == MASK]


def test_years_are_added_to_what_all_share_once(db: None) -> None:
    assert (extend_shared(2034, 2036), extend_shared(2034, 2036)) == (13, 0)


def test_a_week_is_left_out_by_any_of_its_days_for_all_or_for_the_payers_named() -> None:
    whole = Event("a", "outage", date(2026, 1, 14), date(2026, 1, 19), MASK)
    some = Event("b", "outage", date(2026, 2, 1), None, MASK, payers=(7,))
    only_shown = Event("c", "holiday", date(2025, 12, 25), date(2025, 12, 25), NOTE)
    found = masks_of([whole, some, only_shown], date(2026, 2, 9))
    assert found == Masks(
        mondays(date(2026, 1, 12), date(2026, 1, 19)),
        {7: mondays(date(2026, 1, 26), date(2026, 2, 2), date(2026, 2, 9))},
    )


def test_the_practices_word_stands_before_the_shared_one_from_when_it_was_known() -> None:
    shared = Event(
        "outage", "outage", date(2024, 2, 21), date(2024, 6, 30), NOTE, known_from=date(2024, 2, 22), shared="k"
    )
    own = Event("outage", "outage", date(2024, 2, 21), date(2024, 6, 30), MASK, known_from=date(2024, 3, 1), shared="k")
    days = (date(2024, 2, 21), date(2024, 2, 22), date(2024, 3, 1))
    assert [[event.effect for event in standing([shared], [own], day)] for day in days] == [[], [NOTE], [MASK]]


def test_an_event_is_known_from_its_first_day_unless_somebody_says_otherwise(quiet: World) -> None:
    with transaction.atomic():
        assert entered().known_from == OUTAGE
        assert entered(known_from=date(2026, 1, 20)).known_from == date(2026, 1, 20)
        assert entered(first=date(2027, 1, 1), last=date(2027, 1, 2)).known_from < date(2027, 1, 1)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "  "}, "name"),
        ({"last": OUTAGE - timedelta(days=1)}, "last"),
        ({"last": OUTAGE + timedelta(days=401)}, "last"),
        ({"known_from": date(2099, 1, 1)}, "known_from"),
        ({"effect": "none"}, "effect"),
        ({"kind": "party"}, "effect"),
        ({"payers": [999_999_999]}, "payers"),
    ],
)
def test_what_cannot_be_is_refused(quiet: World, values: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        entered(**values)
    assert refused.value.code == field


def test_another_practices_payer_is_no_payer(db: None) -> None:
    one, other = organization(), organization()
    with tenancy.bind(other.pk), transaction.atomic():
        stranger = payer("Elsewhere")
    with tenancy.bind(one.pk), pytest.raises(Invalid):
        entered(payers=[stranger.pk])


def test_an_event_ends_is_taken_back_and_put_back_and_every_word_is_kept(quiet: World) -> None:
    with transaction.atomic():
        first = entered(last=None)
        ended = end(first, last=OUTAGE + timedelta(days=9), actor=ACTOR)
        gone = take_back(ended, actor=ACTOR)
        assert in_force(LAST_SUNDAY) == []
        back = put_back(gone, actor="user:another")
        assert (back.last_day, back.author) == (OUTAGE + timedelta(days=9), "user:another")
        assert in_force(LAST_SUNDAY) == ["Portal outage"]
        assert [row.effect for row in CalendarEvent.objects.order_by("pk")] == [MASK, MASK, "none", MASK]


def test_two_people_do_not_change_the_same_event(quiet: World) -> None:
    with transaction.atomic():
        row = entered()
        gone = take_back(row, actor=ACTOR)
        for act in (
            lambda: take_back(row, actor=ACTOR),
            lambda: put_back(row, actor=ACTOR),
            lambda: take_back(gone, actor=ACTOR),
        ):
            with pytest.raises(Conflict):
                act()


def test_a_practice_says_of_a_shared_event_that_its_weeks_are_left_out(quiet: World) -> None:
    with transaction.atomic():
        shared = SharedEvent.objects.get(key="clearinghouse-outage-2024")
        said = say_of_shared(shared, effect=MASK, actor=ACTOR)
        day = date(2024, 9, 1)
        assert len(knowledge("UTC").at(day, NEWEST.name).masks(day).everyone) == 19
        take_back(said, actor=ACTOR)
        assert [e.effect for e in queries.calendar().at(day) if e.shared == shared.key] == [NOTE]
        assert say_of_shared(shared, effect=MASK, actor=ACTOR).replaces is not None


def signals(run: DetectionRun) -> list[tuple[str, str]]:
    return list(Signal.objects.filter(run=run).values_list("metric", "direction"))


def test_a_masked_change_is_not_told_and_the_look_remembers_why(changed: World) -> None:
    with transaction.atomic():
        before = services.run(LAST_SUNDAY)
        assert signals(before) == [("denial_rate", "adverse")]
        entered(first=changed.step - timedelta(days=7), last=LAST_SUNDAY, payers=[changed.summit.pk])
        after = services.run(LAST_SUNDAY)
        assert signals(after) == []
        assert [row for row in after.context["calendar"] if row[4] == MASK] == [
            ["Portal outage", "outage", "2026-02-09", "2026-03-08", "mask", [changed.summit.pk]]
        ]
        assert services.run(LAST_SUNDAY).pk == after.pk
        again = services.look_again(before)
        assert again.view.fingerprint() == before.input_hash
        assert [draft.metric for draft in again.drafts] == ["denial_rate"]


def test_a_word_of_today_changes_no_look_of_before_it_was_known(changed: World) -> None:
    """People write late. The world knew when `known_from` says; looks of earlier days, replays too, do without."""
    with transaction.atomic():
        earlier = LAST_SUNDAY - timedelta(weeks=1)
        looks = {day: services.run(day).input_hash for day in (earlier, LAST_SUNDAY)}
        known = knowledge(changed.organization.time_zone)
        entered(first=changed.step, last=LAST_SUNDAY, known_from=LAST_SUNDAY)
        assert services.run(earlier).input_hash == looks[earlier]
        assert services.run(LAST_SUNDAY).input_hash != looks[LAST_SUNDAY]
        told = knowledge(changed.organization.time_zone)
        assert told.at(earlier, NEWEST.name) == known.at(earlier, NEWEST.name)
