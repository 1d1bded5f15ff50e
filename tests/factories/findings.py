"""Makers of what detection and the office leave: runs, baselines, incidents, reports."""

from datetime import date, timedelta
from typing import Any

from tests.factories import NOON
from upstream.alerts.models import Incident, IncidentClaim, Opening, Replay, ReplayFinding, Transition
from upstream.claims.models import Claim, Payer
from upstream.detection.models import Baseline, DetectionRun
from upstream.reports.models import Artifact, Definition, ReportRun

AS_OF = date(2026, 3, 1)
ONSET = date(2026, 2, 2)


def series(usual: float = 0.1, changed: float | None = None, weeks: int = 52) -> list[dict[str, Any]]:
    """Weekly rows up to the week before AS_OF; `changed` is the rate from ONSET on, the newest two are immature."""
    first = AS_OF - timedelta(days=6 + 7 * (weeks - 1))
    rows = []
    for i in range(weeks):
        week = first + timedelta(weeks=i)
        base = changed if changed is not None and week >= ONSET else usual
        mid = base + (0.012, -0.008, 0.004, -0.011, 0.007)[i % 5]
        immature = i >= weeks - 2
        room = 0.09 if immature else 0.035
        rows.append(
            {
                "week": week.isoformat(),
                "low": max(mid - room, 0.0),
                "mid": mid,
                "high": mid + room,
                "baseline": usual,
                "maturity": 0.4 if immature else 1.0,
                "submitted": 30 + i % 7,
                "decided": (12 if immature else 30) + i % 7,
                "denied": 3 + i % 3,
                "immature": immature,
                "allowed": [310_000, 342_000, 371_000, 120_000 if immature else 338_000],
                "paid": [250_000, 281_000, 305_000, 98_000 if immature else 278_000],
            }  # fmt: skip
        )
    return rows


FINDING: dict[str, Any] = {
    "family": "denial",
    "clock": "decision",
    "series": series(changed=0.45),
    "checked": ["Late posting: the payer decides as fast as usual.", "Other payers: none changed at the same time."],
    "internal_due": "2026-03-25",
    "parts": {
        "procedure": [
            {"key": "73721", "observed": 14, "expected": 3.1},
            {"key": "72148", "observed": 4, "expected": 3.6},
        ],
        "reason": [
            {"key": "CO-197", "observed": 15, "expected": 3.4},
            {"key": "CO-50", "observed": 3, "expected": 3.3},
        ],
    },
    "data_fault": False,
    "payer_monthly_cents": 20_000_000,
    "tracked": {"family": "denial", "raised": "2026-02-23", "last_seen": "2026-02-23", "peak": 5.2},
}


VERDICTS = {
    "verdicts": [
        {
            "cause": "late_posting",
            "verdict": "ruled_out",
            "share": 0.0,
            "numbers": "15 more per answered claim",
            "words": "Denials are more per submitted claim too.",
        },
        {
            "cause": "one_batch",
            "verdict": "explains",
            "share": 0.83,
            "numbers": "12 of 15 extra denials in one file",
            "words": "The change sits in one file of claims of 2 February 2026; the others are as usual.",
        },
        {
            "cause": "new_provider",
            "verdict": "cannot_tell",
            "share": None,
            "numbers": "",
            "words": "The files name no provider.",
        },
    ],
    "innocent": "one_batch",
    "looked_up": "",
}
# Of three claims that lost $900.00 together one was paid after all, one is open and one is gone.
MONEY = {
    "family": "denial",
    "expected_allowed_from": "median allowed amount of the payer's paid claims of the same procedure",
    "money": {
        "interval": 0.8, "ahead_cents": [410_000, 670_000, 980_000], "together_cents": [430_000, 760_000, 1_090_000],
        "held_cents": [0, 0, 0], "priced": {"terms": 2, "procedure": 0, "charge": 1}, "seed": 1, "draws": 2000,
        "capital": 0.08,
        "recovery": {"claims": 214, "won": 61, "share": 0.28, "low": 0.24, "high": 0.33, "categories": []},
    },
    "split": {
        "as_of": "2026-03-01", "back": 1, "back_cents": 30_000, "open": 1, "open_cents": 30_001,
        "recoverable_cents": 8_400, "gone": 1, "gone_cents": 29_999,
    },
}  # fmt: skip


def run(**fields: Any) -> DetectionRun:
    values: dict[str, Any] = {
        "as_of": AS_OF,
        "last_week": AS_OF - timedelta(days=6),
        "series": 61,
        "method": "two-clock 1",
        "budget_per_quarter": 1,
        "input_hash": "ab" * 32,
        "claims": 4200,
        "ruled_out": ["Payments did not slow down", "Volume did not drop", "No file came twice"],
        "state": "taken",
        "finished_at": NOON,
        "looked_at": NOON,
    }
    return DetectionRun.objects.create(**{**values, **fields})


def curve(median: int) -> dict[str, Any]:
    """A life table that reaches half at that day, three quarters at twice and nine tenths at three times it."""
    share = [round(1 - 0.5 ** (day / median), 4) for day in range(91)]
    return {
        "decisions": 214,
        "50": [median - 1.0, float(median), median + 2.0],
        "75": [2 * median - 2.0, 2.0 * median, 2 * median + 4.0],
        "90": [3 * median - 4.0, 3.0 * median, None],
        "share": share,
        "low": [max(0.0, value - 0.03) for value in share],
        "high": [min(1.0, value + 0.03) for value in share],
    }


def lag(now: int = 15, usual: int = 14) -> dict[str, Any]:
    """Days to a decision and, four days later, to a payment."""
    return {
        "decision": {"days": 28, "now": curve(now), "usual": curve(usual)},
        "payment": {"days": 28, "now": curve(now + 4), "usual": curve(usual + 4)},
    }


def baseline(of_run: DetectionRun, of_payer: Payer, **fields: Any) -> Baseline:
    values: dict[str, Any] = {
        "usual_rate": 0.1,
        "rate_low": 0.08,
        "rate": 0.11,
        "rate_high": 0.14,
        "weekly_claims": 120.0,
        "visible_in_2_weeks": 0.12,
        "visible_in_4_weeks": 0.09,
        "visible_in_8_weeks": 0.06,
        "median_days": 14.0,
        "maturity": 0.712,
        "series": series(),
        "lag": lag(),
        "visible": {
            "denial_rate": [0.12, 0.09, 0.06],
            "payment_delay": [8.2, 5.1, 2.4],
            "underpayment": [0.061, 0.042, None],
        },
    }
    return Baseline.objects.create(run=of_run, payer=of_payer, **{**values, **fields})


def incident(of_payer: Payer, of_run: DetectionRun, **fields: Any) -> Incident:
    """An incident that is new, of $9,200 to $14,800, with a deadline on 2 April 2026."""
    values: dict[str, Any] = {
        "title": f"{of_payer.name} started denying knee MRI for missing authorization on 2 February",
        "metric": "denial_rate",
        "direction": "adverse",
        "procedure_code": "73721",
        "denial_reason": "CO-197",
        "severity": "high",
        "strength": "strong",
        "evidence": 5.2,
        "onset_week": ONSET,
        "usual_rate": 0.1,
        "rate_low": 0.31,
        "rate": 0.45,
        "rate_high": 0.58,
        "decided": 31,
        "observed": 14,
        "expected": 3.1,
        "lost_low_cents": 920_000,
        "lost_cents": 1_190_000,
        "lost_high_cents": 1_480_000,
        "at_stake_cents": 920_000,
        "annual_cents": 9_800_000,
        "finding": {**FINDING, "tracked": {**FINDING["tracked"], "run": of_run.pk}},
        "deadline": date(2026, 4, 2),
        "deadline_source": "appeal, 60 days, usual for this payer",
        "first_as_of": AS_OF,
        "last_as_of": AS_OF,
        "opened_at": NOON,
        "changed_at": NOON,
    }
    made = Incident.objects.create(payer=of_payer, last_run=of_run, **{**values, **fields})
    Transition.objects.create(incident=made, kind="opened", to_state="new", actor="command:detect", at=NOON)
    return made


def behind(of_incident: Incident, *claims: Claim, cents: int = 80_000) -> None:
    """The claims stand behind the incident with this expected amount each, and its sum says so."""
    IncidentClaim.objects.bulk_create(
        [IncidentClaim(incident=of_incident, claim=c, expected_cents=cents) for c in claims]
    )
    Incident.objects.filter(pk=of_incident.pk).update(claims_cents=cents * len(claims), observed=len(claims))
    of_incident.refresh_from_db()


RAISED = {
    "as_of": date(2026, 2, 22),
    "family": "denial",
    "metric": "denial_rate",
    "direction": "adverse",
    "procedure_code": "73721",
    "denial_reason": "CO-197",
    "onset_week": ONSET,
    "strength": "strong",
    "evidence": 5.2,
    "observed": 14,
    "expected": 3.1,
    "lost_low_cents": 300_000,
    "lost_cents": 400_000,
    "lost_high_cents": 500_000,
    "annual_cents": 9_800_000,
}


def opening(of_incident: Incident, **fields: Any) -> Opening:
    """The incident opened in its last run, having cost $4,000 by then."""
    values = {**RAISED, "as_of": of_incident.first_as_of, "title": of_incident.title, **fields}
    return Opening.objects.create(
        incident=of_incident, run=of_incident.last_run, payer_id=of_incident.payer_id, **values
    )


def replay(of_payer: Payer, findings: int = 1, **fields: Any) -> Replay:
    """A finished replay of a year that raised the same knee MRI change so often, a week apart."""
    values: dict[str, Any] = {
        "method": "two-clock 2",
        "budget_per_quarter": 1,
        "first": date(2025, 3, 2),
        "last": AS_OF,
        "at": AS_OF,
        "state": "done",
        "requested_by": "command:test",
        "requested_at": NOON,
        "finished_at": NOON,
    }
    made = Replay.objects.create(**{**values, **fields})
    for number in range(1, findings + 1):
        ReplayFinding.objects.create(
            replay=made, number=number, payer=of_payer, report_date=date(2026, 3, 31), report_lost_cents=1_900_000,
            report_seen=True, title=f"{of_payer.name} started denying knee MRI",
            **{**RAISED, "as_of": date(2026, 2, 22) - timedelta(weeks=number - 1)},
        )  # fmt: skip
    return made


def definition(**fields: Any) -> Definition:
    """The practice's standard weekly report, or another one, for those who may make reports."""
    values: dict[str, Any] = {
        "title": "Weekly report", "formats": ["pdf", "xlsx"], "roles": ["owner", "manager"], "made_by": "command:x",
        "made_at": NOON,
    }  # fmt: skip
    if fields:
        return Definition.objects.create(**{"kind": "weekly", **values, **fields})
    return Definition.objects.get_or_create(kind="weekly", subject="", standard=True, defaults=values)[0]


def report(**fields: Any) -> ReportRun:
    """A weekly report that is ready, with its two files' names."""
    values: dict[str, Any] = {
        "kind": "weekly",
        "definition": fields.get("definition") or definition(),
        "not_before": NOON,
        "as_of": AS_OF,
        "state": "rendered",
        "requested_by": "command:schedule",
        "requested_at": NOON,
        "rendered_at": NOON,
    }
    made = ReportRun.objects.create(**{**values, **fields})
    if made.state == "rendered":
        for kind in ("pdf", "xlsx"):
            Artifact.objects.create(run=made, format=kind, sha256="cd" * 32, size=120_000, name=f"weekly.{kind}")
    return made
