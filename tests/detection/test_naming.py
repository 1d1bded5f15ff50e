"""What only the naming of payers makes is not told: waiting payers, and changes in the week of a change of names."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from tests.factories import payer
from tests.factories.worlds import LAST_SUNDAY, World, recount
from upstream.claims import payer_decisions
from upstream.claims.choices import Doubt
from upstream.claims.models import Claim, Payer, PayerDoubt, PayerMove, RawPayer
from upstream.claims.payer_moves import follow
from upstream.claims.payers import adopt_payers
from upstream.core.clock import monday_of
from upstream.detection import queries, services
from upstream.detection.models import DetectionRun, Signal

ACTOR = "user:someone"


def told(as_of: date = LAST_SUNDAY) -> set[str]:
    """Payers with a cause in the run as of this day."""
    return set(Signal.objects.filter(run=services.run(as_of)).values_list("payer__name", flat=True))


def raw_of(of: Payer) -> RawPayer:
    found: RawPayer = RawPayer.objects.get(aliases__payer=of, aliases__valid_until=None)
    return found


def ask(one: Payer, other: Payer) -> None:
    adopt_payers()
    PayerDoubt.objects.create(
        first=raw_of(one), second=raw_of(other), reason=Doubt.NEAR, raised_at=datetime(2026, 1, 5, tzinfo=UTC)
    )


@transaction.atomic
def onset() -> date:
    found: date = Signal.objects.filter(run=services.run(LAST_SUNDAY)).latest("pk").onset_week
    return found


def test_a_payer_whose_name_waits_is_not_told_of_and_it_is_said(changed: World) -> None:
    with transaction.atomic():
        assert told() == {"Summit Mutual"}
        Claim.objects.filter(payer=changed.civic, position=39).update(payer=changed.civic)
        Claim.objects.filter(payer=changed.summit, position=39).update(payer=changed.civic)
        recount(changed.organization)
        ask(changed.summit, changed.civic)
        assert told() == set()
        said = DetectionRun.objects.latest("pk").ruled_out
    assert "Not watched until somebody confirms the payer's name: Summit Mutual." in said


def test_it_is_told_as_soon_as_somebody_has_confirmed_it(changed: World) -> None:
    with transaction.atomic():
        Claim.objects.filter(payer=changed.summit, position=39).update(payer=changed.civic)
        recount(changed.organization)
        ask(changed.summit, changed.civic)
        assert told() == set()
        payer_decisions.own_payer(changed.summit, actor=ACTOR)
        assert told() == {"Summit Mutual"}


@pytest.mark.parametrize(("weeks", "payers"), [(0, set()), (1, {"Summit Mutual"}), (-1, {"Summit Mutual"})])
def test_a_change_that_began_when_names_changed_is_not_told(changed: World, weeks: int, payers: set[str]) -> None:
    with transaction.atomic():
        began = onset()
        PayerMove.objects.create(
            decided="same", state="done", source=payer("Summit"), target=changed.summit, actor=ACTOR, claims=7,
            at=datetime.combine(began, datetime.min.time(), UTC) + timedelta(weeks=weeks, hours=18),
            first_week=date(2020, 1, 6), last_week=date(2020, 1, 6), done_at=datetime(2020, 1, 6, tzinfo=UTC),
        )  # fmt: skip
        assert told() == payers


def test_the_fake_jump_of_a_split_is_not_told(quiet: World) -> None:
    """Denied claims of the newest weeks came under a name of their own, which a person gives to another payer."""
    with transaction.atomic():
        adopt_payers()
        other = RawPayer.objects.create(
            raw_name="Summit M", name_key="SUMMIT M", first_seen=datetime(2026, 1, 5, tzinfo=UTC)
        )
        newest = monday_of(LAST_SUNDAY) - timedelta(weeks=5)
        paid = Claim.objects.filter(payer=quiet.summit, submitted_date__gte=newest, outcome=1)
        paid.update(raw_payer_id=other.pk, payer=quiet.civic)
        recount(quiet.organization)
        assert "Summit Mutual" in told()
        move = PayerMove.objects.create(
            decided="moved", source=quiet.summit, target=quiet.civic, raws=[other.pk], actor=ACTOR,
            at=datetime(2026, 3, 2, tzinfo=UTC),
        )  # fmt: skip
        Claim.objects.filter(raw_payer_id=other.pk).update(payer=quiet.summit)
    assert follow(move.pk)
    with transaction.atomic():
        assert "Summit Mutual" not in told()
        said = DetectionRun.objects.latest("pk").ruled_out
    assert [line for line in said if "names were changed" in line and "Summit Mutual" in line]


def test_a_decision_makes_detection_look_again(changed: World) -> None:
    with transaction.atomic():
        services.run(LAST_SUNDAY)
        assert not queries.look_is_due()
        Claim.objects.filter(payer=changed.summit, position=39).update(payer=changed.civic)
        ask(changed.summit, changed.civic)
        payer_decisions.own_payer(changed.summit, actor=ACTOR)
        assert queries.look_is_due()
