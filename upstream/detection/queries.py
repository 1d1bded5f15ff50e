"""What detection has left in the bound practice, and the rows that it reads: integers, straight into arrays."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Max, Min, QuerySet
from numpy.typing import NDArray
from psycopg import ClientCursor

from upstream.claims import payer_queries
from upstream.claims.choices import Outcome
from upstream.claims.models import Payer, PayerWeek, ProcedureWeek, ReasonWeek
from upstream.claims.payer_moves import changed_weeks
from upstream.core import clock, tenancy
from upstream.detection.claimrows import NEVER, Claims, Labels
from upstream.detection.models import DetectionRun, Signal
from upstream.detection.naming import Naming
from upstream.detection.triangle import Rows
from upstream.ingestion.choices import BatchState
from upstream.ingestion.models import Batch
from upstream.tenants.models import Site

Ints = NDArray[np.int64]
BETWEEN_LOOKS = timedelta(hours=20)
DAY = "{} - date '1970-01-01'"
WEEK_OF = "date_trunc('week', {} AT TIME ZONE %(zone)s)::date - date '1970-01-01'"


def latest_run() -> DetectionRun | None:
    """The run with the newest date."""
    return DetectionRun.objects.order_by("-as_of", "-pk").first()


def signals_of(run: DetectionRun) -> QuerySet[Signal]:
    """The causes that a run found, strongest first."""
    return Signal.objects.filter(run=run).select_related("payer").order_by("-evidence", "pk")


def batches_to_look_at() -> QuerySet[Batch]:
    """Files that were read and not analysed, the newest first; none while others still wait, or claims are on their way
    to another payer.

    Once a day those that were analysed before, since dates pass in a practice that sends nothing, too; and when payer
    names were decided.
    """
    if Batch.objects.filter(state=BatchState.LANDED).exists() or payer_queries.moving():
        return Batch.objects.none()
    newest = Batch.objects.order_by("-pk")
    loaded = newest.filter(state=BatchState.LOADED)
    return newest.filter(state=BatchState.ANALYSED) if look_is_due() and not loaded.exists() else loaded


def look_is_due() -> bool:
    """Whether a practice that has claims was not looked at for 20 hours, or since names of payers were decided.

    Never before the first look.
    """
    last = last_look()
    if last is None:
        return False
    due = last < clock.now() - BETWEEN_LOOKS or payer_queries.decided_since(last)
    return due and known_weeks() is not None


def last_look() -> datetime | None:
    """When the bound practice was looked at last, whether or not anything was new."""
    last: datetime | None = DetectionRun.objects.aggregate(last=Max("looked_at"))["last"]
    return last


def known_weeks() -> tuple[date, date] | None:
    """The Mondays of the oldest and the newest week in which anything became known; None without claims."""
    found = PayerWeek.objects.aggregate(first=Min("known_week"), last=Max("known_week"))
    return None if found["first"] is None else (found["first"], found["last"])


def naming(time_zone: str) -> Naming:
    """How payers are named now, as far as it keeps causes from being told."""
    return Naming(payer_queries.unmapped().payers, changed_weeks(time_zone))


def payer_names() -> dict[int, str]:
    return dict(Payer.objects.values_list("pk", "name"))


def labels() -> Labels:
    """Every procedure, denial reason and place that the triangles name, each with "" for none at the end."""
    codes = ProcedureWeek.objects.exclude(procedure_code="").values_list("procedure_code", flat=True).distinct()
    reasons = ReasonWeek.objects.exclude(reason="").values_list("reason", flat=True).distinct()
    sites = dict(Site.objects.order_by("name").values_list("pk", "name"))
    return Labels((*sorted(codes), ""), (*sorted(reasons), ""), (*sites.values(), ""), tuple(sites))


def level_rows(known: Labels) -> dict[str, Rows]:
    """The rollups of every level that has a table, as columns; rows without a key count for the payer alone."""
    return {
        "payer": _rows("claims_payerweek", "", "0", ("",), {}),
        "procedure": _rows(
            "claims_procedureweek", _labelled("t.procedure_code"), "l.place - 1", known.procedures[:-1],
            {"labels": list(known.procedures[:-1])},
        ),
        "reason": _rows(
            "claims_reasonweek", _labelled("t.reason"), "l.place - 1", known.reasons[:-1],
            {"labels": list(known.reasons[:-1])},
        ),
        "location": _rows(
            "claims_siteweek", _labelled("t.site_id", "bigint"), "l.place - 1", known.locations[:-1],
            {"labels": list(known.sites)},
        ),
    }  # fmt: skip


def _labelled(column: str, kind: str = "text") -> str:
    return f"JOIN unnest(%(labels)s::{kind}[]) WITH ORDINALITY AS l(label, place) ON l.label = {column}"


CELLS = """SELECT t.payer_id, {key}, t.submitted_week - date '1970-01-01', t.known_week - date '1970-01-01', t.outcome,
    t.claims, t.billed_cents, t.allowed_cents, t.paid_cents FROM {table} t {join} WHERE t.tenant_id = %(tenant)s"""


def _rows(table: str, join: str, key: str, names: tuple[str, ...], values: dict[str, Any]) -> Rows:
    found = _columns(CELLS.format(table=table, join=join, key=key), 9, values)
    return Rows(found[0], found[1], names, _weeks(found[2]), _weeks(found[3]), *found[4:])


# The same number for the same place of service and modifiers in every practice.
TERMS = """CASE WHEN v.place_of_service = '' AND v.modifiers = '' THEN 0 ELSE
    ('x' || left(md5(v.place_of_service || '|' || v.modifiers), 12))::bit(48)::bigint END"""

# The facts as they stand, from the moment of their last correction on, and every earlier version until it ended.
VERSIONS = """
SELECT c.id, v.payer_id, coalesce(p.place - 1, %(procedures)s), CASE WHEN c.outcome IN ({denied}) THEN
    coalesce(r.place - 1, %(reasons)s) ELSE -1 END, coalesce(s.place - 1, %(locations)s), {submitted}, {known},
    coalesce({decision_known}, {never}), c.outcome, v.billed_cents, c.allowed_cents, c.paid_cents,
    coalesce(c.decided_date - date '1970-01-01', {never}), v.submitted_date - date '1970-01-01', {terms},
    {since}, {until}
FROM {source}
LEFT JOIN unnest(%(codes)s::text[]) WITH ORDINALITY AS p(label, place) ON p.label = v.procedure_code
LEFT JOIN unnest(%(carcs)s::text[]) WITH ORDINALITY AS r(label, place)
    ON r.label = c.denial_group || '-' || c.denial_carc
LEFT JOIN unnest(%(sites)s::bigint[]) WITH ORDINALITY AS s(label, place) ON s.label = v.site_id
WHERE c.tenant_id = %(tenant)s AND v.family_key = c.number_bidx AND v.payer_order = 1 {only}
"""
PRESENT = """claims_claim c JOIN claims_claim v ON v.tenant_id = c.tenant_id AND v.id = c.id
LEFT JOIN (SELECT claim_id, max(known_until) AS ended FROM claims_claimrevision WHERE tenant_id = %(tenant)s
    GROUP BY claim_id) e ON e.claim_id = c.id"""
EARLIER = "claims_claimrevision v JOIN claims_claim c ON c.tenant_id = v.tenant_id AND c.id = v.claim_id"


def claims(known: Labels, *, time_zone: str, payers: Iterable[int] | None = None) -> Claims:
    """Every version of the counted claims (first of its family, primary payer), of these payers or of all.

    Known weeks are the Mondays in the practice's time zone, exactly as in the rollups. The order is that of claim ids.
    """
    values: dict[str, Any] = {
        "zone": time_zone,
        "codes": list(known.procedures[:-1]), "procedures": len(known.procedures) - 1,
        "carcs": list(known.reasons[:-1]), "reasons": len(known.reasons) - 1,
        "sites": list(known.sites), "locations": len(known.locations) - 1,
    }  # fmt: skip
    only = ""
    if payers is not None:
        only, values["payers"] = "AND v.payer_id = ANY(%(payers)s)", list(payers)
    shared = {
        "denied": f"{Outcome.DENIED}, {Outcome.PARTIAL}", "never": NEVER, "only": only,
        "terms": TERMS, "submitted": DAY.format("date_trunc('week', v.submitted_date)::date"),
        "known": WEEK_OF.format("c.known_at"), "decision_known": WEEK_OF.format("c.decision_known_at"),
    }  # fmt: skip
    since, until = WEEK_OF.format("e.ended"), WEEK_OF.format("v.known_until")
    ever = -NEVER
    present = VERSIONS.format(source=PRESENT, since=f"coalesce({since}, {ever})", until=NEVER, **shared)
    earlier = VERSIONS.format(source=EARLIER, since=WEEK_OF.format("v.known_from"), until=until, **shared)
    return Claims.of(
        known, _columns(f"{present} ORDER BY 1", 17, values), _columns(f"{earlier} ORDER BY 1, 16", 17, values)
    )


def _columns(query: str, width: int, values: dict[str, Any]) -> Ints:
    """[width, rows] of a query that selects integers alone."""
    values = {"tenant": tenancy.required(), **values}
    pieces: list[bytes] = []
    with connection.cursor() as cursor:
        bound = ClientCursor(cursor.connection).mogrify(query, values)
        with cursor.copy(f"COPY ({bound}) TO STDOUT") as copy:
            pieces.extend(bytes(piece) for piece in copy)
    flat = np.fromstring(b"".join(pieces), dtype=np.int64, sep=" ")
    return np.ascontiguousarray(flat.reshape(-1, width).T)


def _weeks(days: Ints) -> NDArray[np.datetime64]:
    return days.astype("datetime64[D]")
