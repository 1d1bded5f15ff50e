"""Whether something is told at once, with the digest or not at all."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstream.routing.choices import Verdict
from upstream.routing.rules import (
    Ask,
    Asked,
    Earlier,
    Facts,
    Scope,
    Tally,
    ask_of,
    budgeted,
    coalesced,
    kept_back,
    learned,
)

FACTS = Facts(
    payer_id=1, payer="Summit Mutual", category="AUTH", location="North", metric="denial_rate", direction="adverse",
    severity="high", strength="moderate", procedure="73721", reason="CO-197", claims=14, lost_cents=920_000,
    annual_cents=9_800_000, evidence=5.2,
)  # fmt: skip


@pytest.mark.parametrize(
    ("scope", "fits"),
    [
        (Scope(), True),
        (Scope(payers=frozenset({1, 2})), True),
        (Scope(payers=frozenset({2})), False),
        (Scope(codes=frozenset({"73721"})), True),
        (Scope(codes=frozenset({"CO-197"})), True),
        (Scope(codes=frozenset({"197"})), True),
        (Scope(codes=frozenset({"19"})), False),
        (Scope(categories=frozenset({"ELIG"})), False),
        (Scope(locations=frozenset({"North"}), metrics=frozenset({"denial_rate"})), True),
        (Scope(severities=frozenset({"critical"})), False),
        (Scope(least_cents=920_000), True),
        (Scope(least_cents=920_001), False),
        (Scope(most_cents=919_999), False),
        (Scope(least_cents=1, most_cents=920_000), True),
    ],
)
def test_every_part_that_is_said_must_fit(scope: Scope, fits: bool) -> None:
    assert scope.fits(FACTS) is fits


def test_severity_decides_between_at_once_digest_and_the_report() -> None:
    asked = Asked(at_once_from="high", digest_from="low")
    verdicts = [asked.of_severity(severity) for severity in ("critical", "high", "medium", "low")]
    assert verdicts == [Verdict.TOLD, Verdict.TOLD, Verdict.DIGEST, Verdict.DIGEST]
    assert Asked(digest_from="none").of_severity("low") == Verdict.KEPT


@pytest.mark.parametrize("severity", ["critical", "high", "medium", "low"])
def test_weak_evidence_sends_nothing_however_severe(severity: str) -> None:
    kept = kept_back(replace(FACTS, strength="watch", severity=severity), Asked(digest_from="low"))
    assert kept is not None
    assert kept.verdict == Verdict.KEPT


@given(st.integers(0, 60), st.integers(0, 60), st.sampled_from(["critical", "high", "medium", "low"]))
def test_the_budget_holds_back_all_but_the_critical(budget: int, used: int, severity: str) -> None:
    judged = budgeted(severity, Asked(weekly_budget=budget), used)
    assert judged.verdict == (Verdict.TOLD if used < budget or severity == "critical" else Verdict.DIGEST)
    assert bool(judged.note) == (used >= budget and severity == "critical")
    assert budgeted(severity, Asked(weekly_budget=None), used).verdict == Verdict.TOLD


def test_the_same_again_joins_the_digest_unless_it_has_grown() -> None:
    lately = Earlier(timedelta(days=13), "high")
    assert coalesced(FACTS, Asked(), None) is None
    assert coalesced(FACTS, Asked(), lately) is not None
    assert coalesced(replace(FACTS, severity="critical"), Asked(), lately) is None
    assert coalesced(FACTS, Asked(), Earlier(timedelta(days=14), "high")) is None


@pytest.mark.parametrize(
    ("noise", "real", "ask"),
    [
        (0, 0, Ask()),
        (1, 0, Ask()),
        (2, 0, Ask("strong")),
        (2, 1, Ask()),
        (3, 2, Ask()),
        (4, 0, Ask("strong")),
        (5, 0, Ask("strong", 1.0)),
        (4, 1, Ask("strong")),
        (9, 1, Ask("strong", 1.0)),
        (50, 60, Ask()),
    ],
)
def test_what_verdicts_ask_for(noise: int, real: int, ask: Ask) -> None:
    assert ask_of(Tally(noise, real)) == ask


@given(st.integers(0, 500), st.integers(0, 500))
def test_more_noise_never_asks_for_less_nor_more_real_ones_for_more(noise: int, real: int) -> None:
    order = [Ask(), Ask("strong"), Ask("strong", 1.0)]
    now = order.index(ask_of(Tally(noise, real)))
    assert order.index(ask_of(Tally(noise + 1, real))) >= now >= order.index(ask_of(Tally(noise, real + 1)))


def test_learning_moves_to_the_digest_and_no_further() -> None:
    noisy, calm = Tally(9, 0), Tally(0, 3)
    judged = learned(FACTS, [calm, noisy], strong_from=4.0)
    assert judged is not None
    assert judged.verdict == Verdict.DIGEST
    assert learned(replace(FACTS, severity="critical"), [noisy], 4.0) is None
    assert learned(replace(FACTS, strength="strong", evidence=5.0), [noisy], 4.0) is None
    assert learned(replace(FACTS, strength="strong", evidence=4.9), [noisy], 4.0) is not None
    assert learned(FACTS, [calm], 4.0) is None
