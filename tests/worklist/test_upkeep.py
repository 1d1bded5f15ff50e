"""What changes items without an answer: looks of detection, clocks, prices, and what people join and part."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from pytest_django import Settings

from tests.alerts.conftest import Practice
from tests.factories import claim, match, organization, payer
from tests.factories.denials import answer, item
from tests.factories.worlds import LAST_SUNDAY, build, noon
from tests.worklist.conftest import Office
from upstream.alerts.payer_clocks import set_clock
from upstream.claims.choices import MatchState, Outcome
from upstream.claims.models import ClaimMatch
from upstream.core import clock, tenancy
from upstream.detection import services as detection
from upstream.worklist import intake, upkeep
from upstream.worklist.models import Item, Recovery


def take_looks() -> int:
    """Looks that were taken in until none waited."""
    taken = 0
    while waiting := list(upkeep.looks_waiting()):
        taken += upkeep.take_look(waiting[0])
    return taken


@pytest.fixture
def world(db: None, settings: Settings) -> Practice:
    """A year of two payers without a change, looked at once."""
    settings.FIXED_NOW = noon(LAST_SUNDAY)
    made = organization()
    with tenancy.bind(made.pk), transaction.atomic():
        built = build(made)
        detection.run(LAST_SUNDAY)
        yield Practice(built, None)


def test_a_look_tells_what_usually_comes_back(world: Practice) -> None:
    """Of each payer 31 weeks of denials are settled, two for information and one for authorization in twenty claims."""
    upkeep.take_clocks(world.world.summit.pk)
    denied = claim(world.world.summit, outcome=Outcome.DENIED, billed_cents=98_000, procedure_code="73721")
    row = item(world.world.summit, claim=denied, decision_id=answer(denied).pk, billed_cents=98_000)
    assert take_looks() == 1
    found = {(r.payer and r.payer.name, r.category): (r.claims, r.won, r.from_share) for r in Recovery.objects.all()}
    whole, auth = found[None, ""], found[None, "AUTH"]
    assert whole[1:] == (0, 0.1)
    assert auth[0] * 3 == whole[0] == found["Summit Mutual", "DATA"][0] * 3
    assert set(found) == {(None, "")} | {
        (name, c) for name in (None, "Summit Mutual", "Civic Care") for c in ("AUTH", "DATA")
    }
    row.refresh_from_db()
    mine = Recovery.objects.get(payer=world.world.summit, category="AUTH")
    assert (row.expected_cents, row.share, row.version) == (36_000, mine.share, 1)
    assert row.recovery_cents == round(36_000 * mine.share)
    assert take_looks() == 0


def test_without_a_look_nothing_waits(office: Office) -> None:
    assert list(upkeep.looks_waiting()) == []
    assert not upkeep.take_look(1)


def test_an_item_follows_a_match_that_a_person_took_apart(world: Practice) -> None:
    """The denial belongs to the remitted claim alone again."""
    pair = match(world.world.summit)
    pair.remitted.family_key = pair.claim.number_bidx
    pair.remitted.save()
    answer(pair.remitted)
    intake.take_files(intake.files_waiting().first().pk)
    take_looks()
    assert Item.objects.get().claim == pair.claim
    pair.remitted.family_key = pair.remitted.number_bidx
    pair.remitted.save()
    ClaimMatch.objects.update(state=MatchState.UNDONE, undone_at=clock.now())
    assert take_looks() == 1
    old, new = Item.objects.order_by("pk")
    assert (old.claim, old.is_open, old.closed_for) == (pair.claim, False, "the payer took the denial back")
    assert (new.claim, new.is_open) == (pair.remitted, True)


def test_items_follow_a_clock_at_once(office: Office) -> None:
    row = item(office.payer)
    upkeep.take_clocks(office.payer.pk)
    assert upkeep.payers_waiting() == []
    set_clock(office.payer, action="appeal", basis="contract", days=30, source="contract 2025, 7.2", actor="user:x")
    assert upkeep.payers_waiting() == [office.payer.pk]
    assert upkeep.take_clocks(office.payer.pk)
    row.refresh_from_db()
    assert (row.deadline, row.internal_due) == (date(2026, 3, 22), date(2026, 3, 16))
    assert (row.clock_basis, row.clock_source, row.version) == ("contract", "contract 2025, 7.2", 1)
    assert not upkeep.take_clocks(office.payer.pk)


def test_a_clock_from_a_later_day_leaves_earlier_denials_alone(office: Office) -> None:
    row = item(office.payer)
    from_then = row.decided_date + timedelta(days=1)
    set_clock(office.payer, action="appeal", basis="contract", days=45, valid_from=from_then, actor="user:x")
    upkeep.take_clocks(office.payer.pk)
    row.refresh_from_db()
    assert (row.clock_days, row.clock_basis) == (30, "unknown")


def test_a_denial_older_than_our_clocks_has_the_shortest_and_says_so(office: Office) -> None:
    old = date(2023, 11, 1)
    answer(claim(office.payer, outcome=Outcome.DENIED), decided_date=old)
    intake.take_files(intake.files_waiting().first().pk)
    row = Item.objects.get()
    assert (row.deadline, row.clock_days, row.clock_basis) == (date(2023, 12, 1), 30, "unknown")
    assert row.clock_source == "no clock known on that day: check contract"


def test_a_payer_without_items_is_looked_at_once(office: Office) -> None:
    payer("Civic Care")
    assert len(upkeep.payers_waiting()) == 2
    assert upkeep.take_clocks(office.payer.pk)
    assert upkeep.payers_waiting() == []
