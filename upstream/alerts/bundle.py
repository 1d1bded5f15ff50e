"""Everything an incident was worked out from and what came of it, as one zip that anybody can check without us.

Claims are named by their opaque ids; days are cut to weeks; nothing that identifies a patient is in it.
"""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from upstream.alerts.families import families
from upstream.alerts.keeping import as_measured
from upstream.alerts.models import Incident, IncidentClaim
from upstream.audit.services import record_access
from upstream.claims.choices import Outcome
from upstream.claims.models import Claim
from upstream.core.errors import Invalid
from upstream.detection.claimrows import FAR, Claims
from upstream.detection.counterfactual import usual_denials
from upstream.detection.detectors.scope import Scope
from upstream.detection.methods import BY_NAME
from upstream.detection.models import DetectionRun
from upstream.detection.prices import prices_of
from upstream.detection.record import DOLLARS
from upstream.detection.rules import DENIAL, DOWN_CODING, TAKE_BACKS
from upstream.detection.services import view_of
from upstream.detection.world import View

FORMAT = 2
VERIFIER = Path(__file__).with_name("verify_bundle.py")
WHEN = (1980, 1, 1, 0, 0, 0)
AT_ONCE = 20_000
OUTCOMES = {int(outcome): outcome.name.lower() for outcome in Outcome}
LINE: tuple[str, ...] = ("week", "billed_code", "answered_code", "charged_cents", "allowed_cents")
TAKEN: tuple[str, ...] = ("week", "cents")
TOLD = (
    "title", "metric", "direction", "severity", "strength", "evidence", "usual_rate", "rate_low", "rate", "rate_high",
    "decided", "observed", "expected", "lost_low_cents", "lost_cents", "lost_high_cents", "at_stake_cents",
    "annual_cents", "claims_cents", "onset_week", "deadline", "deadline_source", "first_as_of", "last_as_of", "finding",
)  # fmt: skip
README = """One incident of {practice}, as of {as_of}

{title}

inputs/run.json      the run: its day, method with parameters, budget of false incidents, hash of all its inputs,
                     the calendar and names that it knew; seeds where numbers were drawn at random
inputs/claims.csv    the payer's claims as they were known at the end of the run's last week, one a row, in cents;
                     `price_cents` is what a claim would usually be allowed, `chance` how likely its denial usually was
inputs/events.csv    what the payer did beside first decisions, where the incident is about that: lines answered with
                     another code than was billed, or amounts taken back, without a claim where none of ours is named
outputs/incident.json  the incident with every number on its page
outputs/members.csv  the claims behind it, with what each should have brought and its part of what is lost
manifest.json        SHA-256 of each of these files
verify.py            checks all this:  python3 verify.py     (Python 3.9 or later, nothing else)

Claims are named by opaque ids, which lead to the claim in the portal for those who may see it. No name, number, date
of birth or other value that identifies a patient is in here; days are cut to the Monday of their week.
verify.py works the incident's counts, rate and money out again from the inputs and says what it leaves unchecked.
The detector's evidence also needs the practice's other claims: `manage.py recompute {incident}` works it out again
from them, and inputs/run.json holds the hash of all that it read.
"""


def bundle_of(incident: Incident, *, actor: str, practice: str) -> bytes:
    """The zip, the same bytes for the same incident, once its handing out stands in the audit trail; in a transaction.

    Of one that others were merged into it holds its own cause alone. Invalid for an incident whose claims are gone, and
    for a part that was split off another.
    """
    incident, rows = as_measured(incident, families())
    members = list(rows.select_related("claim").order_by("claim_id"))
    record_access(
        actor=actor, action="download_bundle", subject=f"incident:{incident.public_id}", records=len(members),
        purpose="check an incident",
    )  # fmt: skip
    run = DetectionRun.objects.get(pk=incident.finding["tracked"]["run"])
    part, view = _part(incident), _view(incident, run)
    files = {
        "README.txt": README.format(
            practice=practice, as_of=incident.last_as_of, title=incident.title, incident=incident.public_id
        ),
        "verify.py": VERIFIER.read_text(encoding="utf-8"),
        "inputs/run.json": _json(_run(run, incident)),
        "inputs/claims.csv": _csv(_claims(incident, view, part)),
        "inputs/events.csv": _csv(_events(incident, view, part)),
        "outputs/incident.json": _json({**_incident(incident), "part": part}),
        "outputs/members.csv": _csv(_members(members)),
    }
    return _zipped({name: content.encode() for name, content in files.items()}, incident)


def _zipped(files: Mapping[str, bytes], incident: Incident) -> bytes:
    listed = {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)} for name, content in files.items()
    }
    manifest = _json({"format": FORMAT, "incident": str(incident.public_id), "files": listed}).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted({**files, "manifest.json": manifest}.items()):
            entry = zipfile.ZipInfo(name, WHEN)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _part(incident: Incident) -> dict[str, Any]:
    """Which claims the incident is about."""
    return {
        "family": incident.finding["family"],
        "direction": incident.direction,
        "payer": incident.payer.name,
        "procedure_code": incident.procedure_code,
        "denial_reason": incident.denial_reason,
        "location": incident.location,
        "onset_week": incident.onset_week.isoformat(),
        "clock": incident.finding["clock"],
        "dear_only": incident.metric == DOLLARS,
        "detail": incident.finding.get("detail", ""),
    }


def _run(run: DetectionRun, incident: Incident) -> dict[str, Any]:
    method = BY_NAME.get(run.method)
    return {
        "as_of": run.as_of,
        "last_week": run.last_week,
        "method": method.kept() if method else {"name": run.method},
        "false_incidents_per_quarter": float(run.budget_per_quarter),
        "input_hash": run.input_hash,
        "series": run.series,
        "claims": run.claims,
        "naming": run.naming,
        "context": run.context,
        "seed": incident.finding.get("money", {}).get("seed"),
    }


def _incident(incident: Incident) -> dict[str, Any]:
    return {"incident": str(incident.public_id), **{name: getattr(incident, name) for name in TOLD}}


def _members(members: Iterable[IncidentClaim]) -> list[dict[str, Any]]:
    return sorted(
        (
            {
                "claim": str(member.claim.public_id),
                "expected_cents": member.expected_cents,
                "lost_cents": member.lost_cents,
                "due": member.due or "",
            }
            for member in members
        ),
        key=lambda row: str(row["claim"]),
    )


def _view(incident: Incident, run: DetectionRun) -> View:
    """What the run knew of the payer."""
    view = view_of(run, payers=[incident.payer_id])
    if not len(view.claims.claim):
        raise Invalid("no_claims", "the claims of this incident are gone")
    return view


def _claims(incident: Incident, view: View, part: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One row a claim of the payer, by id; chances of denials where those are what the incident is about."""
    mine = view.claims
    onset = np.datetime64(incident.onset_week, "D")
    prices = prices_of(mine, onset)
    chance = np.zeros(len(mine.claim))
    if part["family"] == DENIAL:
        scope = Scope(incident.payer_id, incident.procedure_code, incident.denial_reason, incident.location)
        chance = usual_denials(mine, scope, onset, str(part["clock"]), onset).chance
    named = _public_ids(mine.claim.tolist())
    away = np.isin(mine.claim, view.events.statuses.turned_away()).astype(np.int64)
    rows = [
        {"claim": named[number], **values, "turned_away": gone, "price_cents": price, "chance": repr(likely)}
        for number, values, gone, price, likely in zip(
            mine.claim.tolist(), _values(mine), away.tolist(), prices.cents.tolist(), chance.tolist(), strict=True
        )
    ]
    return sorted(rows, key=lambda row: str(row["claim"]))


def _values(claims: Claims) -> Iterable[dict[str, Any]]:
    names = claims.labels
    reasons = (*names.reasons, "")
    decided = np.where(claims.decision_week < FAR, claims.decision_week, np.datetime64("NaT", "D"))
    weeks = ("" if week is None else week.isoformat() for week in decided.tolist())
    columns = zip(
        claims.procedure.tolist(), claims.reason.tolist(), claims.location.tolist(), claims.submitted_week.tolist(),
        weeks, claims.outcome.tolist(), claims.billed.tolist(), claims.allowed.tolist(), claims.dear.tolist(),
        claims.paid.tolist(), claims.terms.tolist(), strict=True,
    )  # fmt: skip
    for procedure, reason, location, submitted, week, outcome, billed, allowed, dear, paid, terms in columns:
        yield {
            "procedure_code": names.procedures[procedure],
            "denial_reason": reasons[reason],
            "location": names.locations[location],
            "submitted_week": submitted.isoformat(),
            "decision_week": week,
            "outcome": OUTCOMES[outcome],
            "billed_cents": billed,
            "allowed_cents": allowed,
            "paid_cents": paid,
            "dear": int(dear),
            "terms": terms,
        }


def _events(incident: Incident, view: View, part: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the payer did beside first decisions, where that is what the incident is about, in an order of content."""
    if part["family"] == DOWN_CODING:
        lines = view.events.lines.only(np.isin(view.events.lines.claim, view.claims.claim))
        claim, columns = lines.claim, LINE
        values = [lines.known_week, lines.billed, lines.answered, lines.charged, lines.allowed]
    elif part["family"] == TAKE_BACKS:
        taken = view.events.taken(view.week)
        taken = taken.only((taken.payer == incident.payer_id) & ~view.masks.hold(taken.payer, taken.known_week))
        claim, columns, values = taken.claim, TAKEN, [taken.known_week, taken.cents]
    else:
        return []
    named = {0: "", **_public_ids(np.unique(claim).tolist())}
    rows = zip(*(value.tolist() for value in values), strict=True)
    found = [
        {"claim": named[number], **dict(zip(columns, row, strict=True))}
        for number, row in zip(claim.tolist(), rows, strict=True)
    ]
    return sorted(found, key=lambda row: [str(value) for value in row.values()])


def _public_ids(claims: list[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(claims), AT_ONCE):
        chosen = Claim.objects.filter(pk__in=claims[start : start + AT_ONCE])
        found |= {number: str(public_id) for number, public_id in chosen.values_list("pk", "public_id")}
    return found


def _json(values: Mapping[str, Any]) -> str:
    return json.dumps(values, indent=1, sort_keys=True, default=str, ensure_ascii=False) + "\n"


def _csv(rows: list[dict[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]) if rows else ["claim"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
