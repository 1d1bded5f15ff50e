"""What is muted is kept quiet for a while, counted, and told when the mute is over or taken back."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from tests.factories import NOON, findings, payer
from tests.factories.telling import mails, tell_all
from tests.routing.conftest import opened
from upstream.alerts.models import Incident, Opening
from upstream.core.errors import Conflict, Invalid
from upstream.routing import mutes, queries
from upstream.routing.choices import Verdict
from upstream.routing.models import Decision, Mute
from upstream.routing.preview import preview
from upstream.routing.rules import Scope
from upstream.tenants.models import Membership


def mute(days: int = 30, **scope: object) -> Mute:
    given = scope or {"codes": ["73721"]}
    until = NOON + timedelta(days=days)
    return mutes.add_mute(scope=given, reason="Known move of codes", expires_at=until, actor="user:1")


def test_nobody_is_told_and_the_reason_stands_with_it(manager: Membership) -> None:
    kept = mute()
    opened()
    assert mails() == 0
    decided = Decision.objects.get()
    assert (decided.verdict, decided.mute) == (Verdict.SUPPRESSED, kept)
    assert decided.why == "muted until 1 April 2026: Known move of codes"
    assert queries.mutes().get().muted == 1
    assert tell_all() == 0


def test_what_is_still_open_is_told_when_the_mute_is_over(manager: Membership, settings: Settings) -> None:
    mute()
    first, second = opened(), opened()
    assert mails() == 0
    Incident.objects.filter(pk=second.pk).update(state="resolved")
    settings.FIXED_NOW = NOON + timedelta(days=30)
    assert mails() == 1
    assert Decision.objects.get(incident=first, opening__isnull=False).verdict == Verdict.TOLD
    assert tell_all() == 0


def test_a_mute_is_taken_back_and_put_back(manager: Membership) -> None:
    made = mute()
    opened()
    assert mails() == 0
    ended = mutes.end_mute(made, version=1, actor="user:2")
    assert mails() == 1
    with pytest.raises(Conflict, match="over already"):
        mutes.end_mute(ended, version=2, actor="user:2")
    assert mutes.put_mute_back(ended, version=2).holds_at(NOON)
    opened()
    assert mails() == 1


def test_a_mute_is_over_at_its_end_and_cannot_be_taken_back_any_more(manager: Membership, settings: Settings) -> None:
    made = mute()
    assert made.holds_at(NOON + timedelta(days=30, microseconds=-1))
    settings.FIXED_NOW = NOON + timedelta(days=30)
    with pytest.raises(Conflict, match="over already"):
        mutes.end_mute(made, version=1, actor="user:1")


def test_a_condition_that_fails_mutes_nothing(manager: Membership) -> None:
    mute(condition="100 / (claims - 15) < 0")
    opened(observed=15)
    assert mails() == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": " "}, "reason"),
        ({"scope": {}}, "scope"),
        ({"expires_at": NOON}, "expires_at"),
        ({"expires_at": NOON + timedelta(days=367)}, "expires_at"),
        ({"scope": {"condition": "lost >"}}, "condition"),
    ],
)
def test_a_mute_needs_a_reason_an_end_and_a_scope(changes: dict[str, object], code: str, manager: Membership) -> None:
    given = {"scope": {"codes": ["1"]}, "reason": "x", "expires_at": NOON + timedelta(days=1), "actor": "user:1"}
    with pytest.raises(Invalid) as refused:
        mutes.add_mute(**{**given, **changes})  # type: ignore[arg-type]  # the test chooses
    assert refused.value.code == code


def test_preview_of_the_last_year(manager: Membership) -> None:
    knee = opened(title="Knee")
    opened(title="Spine", procedure_code="72148")
    old = opened(title="Two years ago")
    Opening.objects.filter(incident=old).update(as_of=NOON.date() - timedelta(days=730))
    findings.replay(payer("Civic Care"), findings=3)
    found = preview(Scope(codes=frozenset({"73721"})), "lost > 1000.0")
    assert (found.raised, found.replayed, len(found.found_again), found.trouble) == (2, 3, 3, "")
    assert str(knee.public_id) in {past.incident for past in found.found}
    assert {past.facts.category for past in found.found} == {"AUTH"}
    assert preview(Scope(), "1 / (claims - 14) > 0").trouble.endswith("grows too large")


@pytest.mark.parametrize("number", [1, 3])
def test_preview_costs_the_same_for_one_and_three(
    number: int, manager: Membership, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        opened()
    with django_assert_num_queries(5):
        preview(Scope(), "")


def test_verdicts_of_noise_ask_for_stronger_evidence(manager: Membership) -> None:
    for _ in range(3):
        opened(state="resolved", outcome="noise")
    tell_all()
    opened(strength="moderate")
    assert mails() == 0
    assert Decision.objects.latest("pk").why == "many like it were called noise here: at once only with strong evidence"
    opened(strength="strong")
    assert mails() == 1
