"""Merging and splitting by hand: every claim once, sums to the cent, one identity, through later looks too."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import Sum
from pytest_django import Settings

from tests.alerts.conftest import Practice
from tests.alerts.test_intake import run
from tests.factories import claim, findings, organization, payer
from tests.factories.worlds import LAST_SUNDAY, WEEKS, add_weeks, noon
from upstream.alerts import joining, keeping, queries, services
from upstream.alerts.families import families
from upstream.alerts.models import Incident, Opening
from upstream.alerts.recompute import differences
from upstream.alerts.rules import Member
from upstream.claims.models import Claim
from upstream.core import tenancy
from upstream.core.errors import Conflict, Invalid

ANA, BEN = "user:ana", "user:ben"


@pytest.fixture
def pair(db: None) -> Iterator[tuple[Incident, Incident]]:
    """Two incidents with three claims each, one of which they share; $300 and $360 lost."""
    made = organization()
    with tenancy.bind(made.pk):
        of_payer, of_run = payer(), findings.run()
        whole, part = findings.incident(of_payer, of_run), findings.incident(of_payer, of_run)
        claims = [claim(of_payer, procedure_code=code) for code in ("73721", "73721", "72148", "72148", "99213")]
        for one, behind, cents in ((whole, claims[:3], 10_000), (part, claims[2:], 12_000)):
            findings.behind(one, *behind, cents=15_000)
            one.members.update(lost_cents=cents)
            Incident.objects.filter(pk=one.pk).update(
                lost_low_cents=2 * cents, lost_cents=3 * cents, lost_high_cents=4 * cents, at_stake_cents=3 * cents
            )
        yield Incident.objects.get(pk=whole.pk), Incident.objects.get(pk=part.pk)


def sums(incident: Incident) -> tuple[int, int, int]:
    """Claims, expected and lost cents of the claims that stand at the incident."""
    found: dict[str, Any] = incident.members.aggregate(cents=Sum("expected_cents"), lost=Sum("lost_cents"))
    return incident.members.count(), found["cents"] or 0, found["lost"] or 0


def says(incident: Incident) -> tuple[int, int, int]:
    found = Incident.objects.get(pk=incident.pk)
    return found.observed, found.claims_cents, found.lost_cents


def test_a_merged_incident_counts_each_claim_once_and_to_the_cent(pair: tuple[Incident, Incident]) -> None:
    whole, part = pair
    joining.merge(whole, part=part, actor=ANA, note="the same new rule")
    assert says(whole) == sums(whole) == (5, 75_000, 30_000 + 24_000)
    told = Incident.objects.get(pk=whole.pk)
    assert (told.lost_low_cents, told.lost_high_cents) == (20_000 + 16_000, 40_000 + 32_000)
    gone = Incident.objects.get(pk=part.pk)
    assert (gone.state, gone.outcome, gone.merged_into) == ("resolved", "merged", whole)
    assert list(queries.open_incidents()) == [whole]


def test_taking_a_merge_back_puts_both_as_they_were(pair: tuple[Incident, Incident]) -> None:
    whole, part = pair
    before = says(whole), says(part), sums(whole), sums(part)
    joining.merge(whole, part=part, actor=ANA)
    services.undo(whole, actor=ANA)
    assert (says(whole), says(part), sums(whole), sums(part)) == before
    back = Incident.objects.get(pk=part.pk)
    assert (back.state, back.outcome, back.merged_into, "own" in back.finding) == ("new", "", None, False)
    assert [step.kind for step in queries.history_of(part)] == ["opened", "merged", "undone"]


def test_a_merge_is_taken_back_from_the_part_as_well(pair: tuple[Incident, Incident]) -> None:
    whole, part = pair
    joining.merge(whole, part=part, actor=ANA)
    part.refresh_from_db()
    services.undo(part, actor=ANA)
    assert (says(whole)[0], says(part)[0]) == (3, 3)


def test_what_is_merged_is_worked_at_the_whole(pair: tuple[Incident, Incident]) -> None:
    whole, part = pair
    joining.merge(whole, part=part, actor=ANA)
    part.refresh_from_db()
    with pytest.raises(Conflict, match="part of another incident"):
        services.move(part, to_state="working", actor=ANA)
    with pytest.raises(Conflict, match="part of another incident"):
        joining.merge(part, part=whole, actor=ANA)


def test_only_what_may_be_one_is_merged(pair: tuple[Incident, Incident]) -> None:
    whole, part = pair
    with pytest.raises(Invalid, match="another incident"):
        joining.merge(whole, part=whole, actor=ANA)
    Incident.objects.filter(pk=part.pk).update(direction="improve")
    with pytest.raises(Invalid, match="to the better"):
        joining.merge(whole, part=Incident.objects.get(pk=part.pk), actor=ANA)
    services.move(whole, to_state="false", actor=ANA)
    Incident.objects.filter(pk=part.pk).update(direction="adverse")
    with pytest.raises(Conflict, match="open it again first"):
        joining.merge(whole, part=Incident.objects.get(pk=part.pk), actor=ANA)


def test_a_part_is_split_off_with_its_claims_and_its_share(pair: tuple[Incident, Incident]) -> None:
    whole, _ = pair
    part = joining.split(whole, axis="procedure", key="72148", actor=ANA)
    assert (says(whole), says(part)) == (sums(whole), sums(part)) == ((2, 30_000, 20_000), (1, 15_000, 10_000))
    told = Incident.objects.get(pk=part.pk)
    assert (told.lost_low_cents, told.lost_high_cents, told.state) == (6_667, 13_333, "new")
    assert told.title.endswith(" Of that, procedure 72148.")


def test_a_split_is_taken_back_until_somebody_else_has_worked_the_part(pair: tuple[Incident, Incident]) -> None:
    whole, _ = pair
    before = says(whole)
    picked = [whole.members.first().claim.public_id]
    joining.split(whole, claims=picked, actor=ANA)
    services.undo(whole, actor=ANA)
    assert (says(whole), sums(whole)) == (before, before)
    assert [one.merged_into_id for one in Incident.objects.filter(outcome="merged")] == [whole.pk]
    part = joining.split(whole, claims=picked, actor=ANA)
    services.comment(part, text="This is another matter.", actor=BEN)
    with pytest.raises(Conflict, match="worked the part"):
        services.undo(whole, actor=ANA)
    whole.refresh_from_db()
    joining.merge(whole, part=part, actor=BEN)
    assert (says(whole), sums(whole)) == (before, before)


@pytest.mark.parametrize(
    "chosen",
    [{}, {"axis": "procedure", "key": "99999"}, {"axis": "colour", "key": "red"}, {"axis": "reason", "key": ""}],
)
def test_nothing_or_everything_is_no_part(pair: tuple[Incident, Incident], chosen: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        joining.split(pair[0], actor=ANA, **chosen)  # type: ignore[arg-type]  # the keys vary


def test_new_claims_go_to_the_part_by_its_rule_and_known_ones_stay_where_they_are(
    pair: tuple[Incident, Incident],
) -> None:
    whole, _ = pair
    moved = claim(whole.payer, procedure_code="72148")
    part = joining.split(whole, axis="procedure", key="72148", actor=ANA)
    wanted = {**queries.members_by_claim(whole), **queries.members_by_claim(part), moved.pk: Member(9_000, None, 7_000)}
    keeping.keep_claims(Incident.objects.get(pk=whole.pk), wanted, families())
    assert (sums(whole), sums(part)) == ((2, 30_000, 20_000), (2, 24_000, 17_000))
    keeping.keep_claims(Incident.objects.get(pk=whole.pk), {moved.pk: wanted[moved.pk]}, families())
    assert (sums(whole), sums(part)) == ((0, 0, 0), (1, 9_000, 7_000))


def test_later_looks_keep_a_split_apart(practice: Practice, incident: Incident) -> None:
    picked = [row.claim.public_id for row in incident.members.select_related("claim")[:12]]
    part = joining.split(incident, claims=picked, actor=ANA)
    before = says(incident)[0], says(part)[0]
    add_weeks(practice.world, WEEKS, WEEKS + 1)
    run(LAST_SUNDAY + timedelta(days=7))
    assert (before, (says(incident)[0], says(part)[0])) == ((18, 12), (28, 12))
    assert (says(incident), says(part)) == (sums(incident), sums(part))
    assert Incident.objects.count() == 2
    assert set(part.members.values_list("claim__public_id", flat=True)) == set(picked)
    assert differences(Incident.objects.get(pk=incident.pk)) == {}
    with pytest.raises(Invalid, match="measured with the incident that it came from"):
        differences(Incident.objects.get(pk=part.pk))


def test_later_looks_keep_the_whole_of_a_merge_and_open_no_twin(
    practice: Practice, incident: Incident, settings: Settings
) -> None:
    settings.FIXED_NOW = noon(LAST_SUNDAY)
    other = findings.incident(practice.world.civic, incident.last_run, metric="payment_delay")
    findings.behind(other, Claim.objects.filter(payer=practice.world.civic)[0], cents=5_000)
    joining.merge(other, part=incident, actor=ANA)
    assert says(other) == sums(other) == (31, 30 * 36_000 + 5_000, incident.lost_cents)
    add_weeks(practice.world, WEEKS, WEEKS + 1)
    run(LAST_SUNDAY + timedelta(days=7))
    assert (Incident.objects.count(), Opening.objects.count()) == (2, 1)
    assert says(other)[0] == 41
    assert says(other) == sums(other)
    part = Incident.objects.get(pk=incident.pk)
    assert (part.state, part.observed, part.members.count()) == ("resolved", 40, 0)
    assert differences(part) == {}
    object.__setattr__(practice.world, "step", date.max)
    add_weeks(practice.world, WEEKS + 1, WEEKS + 12)
    run(LAST_SUNDAY + timedelta(days=7 * 12))
    assert Incident.objects.get(pk=other.pk).state == "resolved"
    services.undo(Incident.objects.get(pk=incident.pk), actor=ANA)
    assert says(incident) == sums(incident)
