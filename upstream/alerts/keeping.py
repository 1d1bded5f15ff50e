"""Where the claims of a measured cause stand, and what an incident made of several parts comes to."""

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from upstream.alerts import queries, upkeep
from upstream.alerts.choices import SplitAxis
from upstream.alerts.families import Families, Kin
from upstream.alerts.models import Incident, IncidentClaim
from upstream.alerts.rules import Member
from upstream.claims.models import Claim
from upstream.core.errors import Invalid

COUNTS = ("observed", "decided")
MONEY = ("lost_low_cents", "lost_cents", "lost_high_cents", "at_stake_cents", "annual_cents", "claims_cents")
RANGES = ("ahead_cents", "together_cents", "held_cents")


@dataclass(frozen=True)
class Place:
    """A claim's row: the incident it stands at, the one it belongs to, and what is kept of it."""

    pk: int
    incident: int
    component: int
    member: Member


def keep_claims(measured: Incident, wanted: Mapping[int, Member], kin: Families) -> None:
    """Exactly these claims are measured with the incident, each in its place; what did not change stays.

    A claim that belongs to a part that was split off stays with it; a new one goes where the parts' rules say. Where
    an incident holds a claim already by a part that was merged into it, its own counts and the part's is kept aside.
    """
    split_off = kin.split_off(measured.pk)
    mine = {measured.pk, *(one.pk for one in split_off)}
    kept = _places(mine)
    gone = [place for claim, place in kept.items() if wanted.get(claim) != place.member or _aside(place, kin)]
    IncidentClaim.objects.filter(pk__in=[place.pk for place in gone]).delete()
    left = {place.pk for place in gone}
    new = [claim for claim in wanted if claim not in kept or kept[claim].pk in left]
    belongs = {claim: kept[claim].component for claim in new if claim in kept}
    belongs |= _by_rules([claim for claim in new if claim not in belongs], split_off)
    components = {claim: belongs.get(claim, measured.pk) for claim in new}
    taken = {} if kin.is_plain(measured.pk) else _taken({kin.root(one) for one in mine}, mine, new)
    IncidentClaim.objects.bulk_create(
        _row(claim, wanted[claim], *_place(claim, components[claim], kin, taken)) for claim in new
    )


def _places(components: Iterable[int]) -> dict[int, Place]:
    """The rows that belong to these incidents, by claim."""
    mine = Q(incident__in=components, source=None) | Q(source__in=components)
    return {
        claim: Place(pk, incident, source or incident, member)
        for claim, pk, incident, source, member in queries.member_rows(IncidentClaim.objects.filter(mine))
    }


def _aside(place: Place, kin: Families) -> bool:
    return place.incident != kin.root(place.component)


def _by_rules(claims: list[int], split_off: list[Kin]) -> dict[int, int]:
    """The part that each of the claims goes to by its rule, the newest part's first."""
    rules = [one for one in split_off if one.axis]
    if not rules or not claims:
        return {}
    names = {axis: column.removeprefix("claim__") for axis, column in queries.SPLIT_COLUMNS.items()}
    facts = {row["pk"]: row for row in Claim.objects.filter(pk__in=claims).values("pk", *names.values())}
    found: dict[int, int] = {}
    for rule in reversed(rules):
        column = names[SplitAxis(rule.axis)]
        found |= {claim: rule.pk for claim in claims if facts[claim][column] == rule.key}
    return found


def _taken(homes: set[int], mine: set[int], claims: list[int]) -> dict[tuple[int, int], IncidentClaim]:
    """Rows of others that stand where these claims would, by incident and claim."""
    rows = IncidentClaim.objects.filter(incident__in=homes, claim__in=claims)
    others = (row for row in rows if (row.source_id or row.incident_id) not in mine)
    return {(row.incident_id, row.claim_id): row for row in others}


def _place(
    claim: int, component: int, kin: Families, taken: Mapping[tuple[int, int], IncidentClaim]
) -> tuple[int, int | None]:
    """The incident at which the claim stands, and the one it belongs to where that is another."""
    home = kin.root(component)
    other = taken.get((home, claim))
    if other is None:
        return home, None if home == component else component
    if home != component:
        return component, None
    IncidentClaim.objects.filter(pk=other.pk).update(incident_id=F("source_id"), source=None)
    return home, None


def _row(claim: int, member: Member, incident: int, source: int | None) -> IncidentClaim:
    return IncidentClaim(
        incident_id=incident,
        source_id=source,
        claim_id=claim,
        expected_cents=member.cents,
        due=member.due.deadline if member.due else None,
        internal_due=member.due.internal if member.due else None,
        due_source=member.due.source if member.due else "",
        lost_cents=member.lost,
        recoverable_cents=member.recoverable,
        paid_on=member.back,
    )


def own_figures(incident: Incident) -> dict[str, Any]:
    """What its own cause was measured at, whatever was joined to it or taken from it."""
    kept: dict[str, Any] | None = incident.finding.get("own")
    if kept is not None:
        return kept
    money = incident.finding.get("money", {})
    figures = {name: getattr(incident, name) for name in (*COUNTS, "expected", *MONEY)}
    return {**figures, **{name: money[name] for name in RANGES if name in money}}


def as_measured(incident: Incident, kin: Families) -> tuple[Incident, QuerySet[IncidentClaim]]:
    """A copy with what its own cause was measured at, and the claims of that, wherever they stand now.

    Invalid for a part that was split off: that is measured with the incident it came from.
    """
    if kin.measured_by(incident.pk) != incident.pk:
        raise Invalid("split_off", "a part that was split off is measured with the incident that it came from")
    mine = [incident.pk, *(one.pk for one in kin.split_off(incident.pk))]
    rows = IncidentClaim.objects.filter(Q(incident__in=mine, source=None) | Q(source__in=mine))
    alone, figures = copy(incident), own_figures(incident)
    for name in (*COUNTS, "expected", *MONEY):
        setattr(alone, name, figures[name])
    alone.finding = {name: value for name, value in incident.finding.items() if name != "own"}
    if "money" in alone.finding:
        alone.finding["money"] = {**alone.finding["money"], **{n: figures[n] for n in RANGES if n in figures}}
    return alone, rows


def retell(incident: Incident, kin: Families, today: date) -> None:
    """The incident comes to what its claims add up to, to the cent; ranges go with its parts' shares of what is lost.

    The caller holds it.
    """
    rows = IncidentClaim.objects.filter(incident=incident).values("source")
    sums = {
        row["source"] or incident.pk: row
        for row in rows.annotate(claims=Count("pk"), lost=Sum("lost_cents"), cents=Sum("expected_cents")).order_by()
    }
    owners = {part: kin.measured_by(part) for part in kin.parts(incident.pk) | set(sums)}
    own = {one.pk: own_figures(one) for one in Incident.objects.filter(pk__in=set(owners.values()))}
    told: list[tuple[float, dict[str, Any]]] = []
    exact = {"observed": 0, "lost_cents": 0, "claims_cents": 0}
    for part, owner in owners.items():
        figures, row = own[owner], sums.get(part)
        # What no claim stands for is told all the same, as in adjustments that name none.
        share = _share(row, figures) if row else float(part == owner and not figures["claims_cents"])
        told.append((share, figures))
        exact["observed"] += row["claims"] if row else round(share * figures["observed"])
        exact["lost_cents"] += row["lost"] if row else round(share * figures["lost_cents"])
        exact["claims_cents"] += row["cents"] if row else 0
    _write(incident, told, exact, plain=kin.is_plain(incident.pk))
    upkeep.tell(incident, queries.members_by_claim(incident).values(), today)
    incident.refresh_from_db()


def _share(row: Mapping[str, int], figures: Mapping[str, Any]) -> float:
    if figures["lost_cents"]:
        return float(row["lost"] / figures["lost_cents"])
    return float(row["claims"] / figures["observed"]) if figures["observed"] else 1.0


def _write(
    incident: Incident, told: list[tuple[float, dict[str, Any]]], exact: Mapping[str, int], *, plain: bool
) -> None:
    values: dict[str, Any] = {
        name: round(sum(share * figures[name] for share, figures in told)) for name in (*COUNTS, *MONEY)
    }
    values |= {"expected": sum(share * figures["expected"] for share, figures in told), **exact}
    values["lost_low_cents"] = min(values["lost_low_cents"], values["lost_cents"])
    values["lost_high_cents"] = max(values["lost_high_cents"], values["lost_cents"])
    finding = {**incident.finding, "own": own_figures(incident)}
    if "money" in finding:
        ranges = {
            name: [sum(ends) for ends in zip(*_scaled(told, name), strict=True)]
            for name in RANGES
            if name in finding["money"]
        }
        finding["money"] = {**finding["money"], **ranges}
    if plain:
        del finding["own"]
    for name, value in {**values, "finding": finding}.items():
        setattr(incident, name, value)
    incident.save(update_fields=[*values, "finding"])


def _scaled(told: list[tuple[float, dict[str, Any]]], name: str) -> list[list[float]]:
    return [[share * end for end in figures[name]] for share, figures in told if name in figures]
