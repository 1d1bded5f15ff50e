"""What letters say of claims: facts, amounts, dates and, because the payer needs them, whom they concern."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from upstream.alerts.choices import ClockAction
from upstream.alerts.clocks import clocks_of, windows_of
from upstream.alerts.models import Incident, IncidentClaim
from upstream.alerts.rules import Window, due_of
from upstream.appeals.choices import Subject
from upstream.appeals.rules import kind_of
from upstream.appeals.wording import long_day
from upstream.claims.choices import Outcome
from upstream.claims.models import Claim, Patient, ServiceLine
from upstream.claims.queries import identities_of
from upstream.claims.rules import denial_words
from upstream.core.money import show_dollars
from upstream.detection.choices import Metric
from upstream.tenants.models import Organization
from upstream.tenants.services import tenant_keys

DENIED = (Outcome.DENIED, Outcome.PARTIAL)
BY_METRIC = {
    Metric.PAYMENT_DELAY: Subject.LATE,
    Metric.SILENT_CLAIMS: Subject.LATE,
    Metric.TAKE_BACKS: Subject.TAKEBACK,
    Metric.DOWN_CODING: Subject.UNDERPAID,
    Metric.UNDERPAYMENT: Subject.UNDERPAID,
}


@dataclass(frozen=True)
class Material:
    """What one letter is drafted from; `values` are its fields as text, `lines` the claim's lines."""

    claim: Claim
    subject: str
    amount_cents: int
    deadline: date | None
    values: dict[str, str]
    lines: list[dict[str, str]]


def subject_of(claim: Claim, incident: Incident | None) -> str:
    """What a letter on the claim would be about; "" where neither its decision nor an incident says."""
    if claim.outcome in DENIED and claim.denial_category in Subject.values:
        return claim.denial_category
    return BY_METRIC.get(Metric(incident.metric), "") if incident else ""


def gather(
    claims: Sequence[Claim],
    *,
    practice: Organization,
    today: date,
    writer: str,
    subject: str = "",
    incident: Incident | None = None,
) -> list[Material]:
    """Material for a letter on each claim; claims on which neither `subject` nor anything else says one are left out.

    PHI: the caller keeps it sealed. A fixed number of queries for each payer.
    """  # fmt: skip
    chosen = [(claim, subject or subject_of(claim, incident)) for claim in claims]
    wanted = [(claim, about) for claim, about in chosen if about]
    ids = [claim.pk for claim, _ in wanted]
    people, lines, clocks = _people(wanted), _lines(ids), _Clocks(wanted, today)
    identities, expected = identities_of(ids), _expected(ids, incident)
    found = []
    for claim, about in wanted:
        amount = _amount(claim, about, expected.get(claim.pk))
        deadline = clocks.deadline(claim, about)
        values = {
            "practice_name": practice.name, "today": long_day(today), "writer": writer, "kind": kind_of(about),
            "disputed": show_dollars(amount) if amount else "", "deadline": long_day(deadline),
            **_facts(claim, lines[claim.pk]), **_identity(identities.get(claim.pk, {})),
            **people.get(claim.patient_id or 0, {}),
        }  # fmt: skip
        found.append(Material(claim, about, amount, deadline, values, [_line(line) for line in lines[claim.pk]]))
    return found


def _people(wanted: Sequence[tuple[Claim, str]]) -> dict[int, dict[str, str]]:
    keys = tenant_keys()
    found = {}
    for patient in Patient.objects.filter(pk__in={claim.patient_id for claim, _ in wanted if claim.patient_id}):
        told = patient.opened(keys)
        name = " ".join(filter(None, (told.get("first_name"), told.get("last_name"))))
        born = told.get("birth_date", "")
        found[patient.pk] = {
            "patient_name": name,
            "birth_date": _written(born),
            "member_id": told.get("member_id", ""),
            "account_number": told.get("account", ""),
        }
    return found


def _written(day: str) -> str:
    """A date of birth as letters write it, or as it was told."""
    try:
        return long_day(date.fromisoformat(day))
    except ValueError:
        return day


def _identity(told: dict[str, str]) -> dict[str, str]:
    number = told.get("claim_number", "")
    return {
        "claim_number": number,
        "payer_claim_number": told.get("payer_control_number") or number,
        "authorization_number": told.get("authorization_number", ""),
    }


def _facts(claim: Claim, lines: list[ServiceLine]) -> dict[str, str]:
    codes = dict.fromkeys([claim.procedure_code, *(line.procedure_code for line in lines)])
    code = "-".join(filter(None, (claim.denial_group, claim.denial_carc)))
    return {
        "payer_name": claim.payer.name,
        "service_date": long_day(claim.service_date),
        "submitted_date": long_day(claim.submitted_date),
        "decided_date": long_day(claim.decided_date),
        "procedure_codes": ", ".join(filter(None, codes)),
        "diagnosis": claim.diagnosis,
        "location": claim.site.name if claim.site else "",
        "provider_npi": claim.rendering_npi,
        "billed": show_dollars(claim.billed_cents),
        "allowed": show_dollars(claim.allowed_cents),
        "paid": show_dollars(claim.paid_cents),
        "denial_code": code,
        "denial_reason": denial_words(claim.denial_category) if claim.denial_category else "",
    }


def _line(line: ServiceLine) -> dict[str, str]:
    units = "" if line.units is None else f"{line.units.normalize():f}"
    return {
        "number": str(line.number),
        "procedure_code": line.procedure_code or line.revenue_code,
        "modifiers": line.modifiers,
        "units": units,
        "service_date": long_day(line.service_date),
        "billed": show_dollars(line.billed_cents),
    }


def _lines(claims: list[int]) -> dict[int, list[ServiceLine]]:
    found: dict[int, list[ServiceLine]] = defaultdict(list)
    for line in ServiceLine.objects.filter(claim__in=claims).order_by("claim_id", "number"):
        found[line.claim_id].append(line)
    return found


def _expected(claims: list[int], incident: Incident | None) -> dict[int, int]:
    if incident is None:
        return {}
    rows = IncidentClaim.objects.filter(incident=incident, claim__in=claims)
    return dict(rows.values_list("claim_id", "expected_cents"))


def _amount(claim: Claim, subject: str, expected: int | None) -> int:
    """What is in dispute, in cents: of a denial what was billed and not paid."""
    if subject == Subject.UNDERPAID:
        return max((expected or 0) - claim.allowed_cents, 0)
    if subject == Subject.TAKEBACK:
        return claim.paid_cents
    if subject == Subject.LATE:
        return claim.billed_cents if expected is None else expected
    return max(claim.billed_cents - claim.paid_cents, 0)


class _Clocks:
    """By when letters must be out; asked for once a payer."""

    def __init__(self, wanted: Sequence[tuple[Claim, str]], today: date) -> None:
        carcs: dict[int, set[str]] = defaultdict(set)
        disputed: set[int] = set()
        for claim, subject in wanted:
            if subject in {Subject.UNDERPAID, Subject.TAKEBACK}:
                disputed.add(claim.payer_id)
            elif claim.outcome in DENIED:
                carcs[claim.payer_id].add(claim.denial_carc)
        self._windows = {payer: windows_of(codes, today, payer) for payer, codes in carcs.items()}
        self._disputes: dict[int, Any] = {payer: clocks_of(payer, today) for payer in disputed}

    def deadline(self, claim: Claim, subject: str) -> date | None:
        window = self._window(claim, subject)
        return due_of(claim.decided_date, window).deadline if window and claim.decided_date else None

    def _window(self, claim: Claim, subject: str) -> Window | None:
        if subject in {Subject.UNDERPAID, Subject.TAKEBACK}:
            standing = self._disputes[claim.payer_id].get(ClockAction.DISPUTE)
            return standing.window if standing else None
        return self._windows.get(claim.payer_id, {}).get(claim.denial_carc)
