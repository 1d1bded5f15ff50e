"""Claims as facts; with identifying values only on purpose, and then written down."""

import uuid
from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.api.problem import problem
from upstream.api.shapes import asked
from upstream.api.v1.documented import IF_NONE_MATCH, PAGES, refusals
from upstream.api.v1.serializers.claims import (
    COLUMNS,
    OUTCOMES,
    ClaimDetail,
    ClaimQuery,
    ClaimRow,
    EventShape,
    IdentityQuery,
    Line,
    MatchShape,
    SourceShape,
    row_of,
)
from upstream.api.views import ApiView, PagedView, found, tagged
from upstream.audit.services import record_access
from upstream.claims import queries
from upstream.claims.models import Claim
from upstream.ingestion.lineage import sources_at
from upstream.ingestion.queries import public_ids_of
from upstream.tenants.choices import Right


class ReadsIdentity(ApiView):
    """Opens identifying values for those who may, one audit entry each time, granted or refused."""

    def refused(self, wanted: dict[str, Any], action: str, subject: str) -> Response | None:
        """The refusal, when identifying values are wanted without the right to them."""
        if wanted.get("fields") != "identity" or Right.READ_PHI in self.caller.rights:
            return None
        record_access(actor=self.caller.actor, action=action, subject=subject, records=0, outcome="refused")
        return problem(403, "missing_scope", "identifying values need the scope read_phi")

    def with_identity(self, action: str, rows: Sequence[dict[str, Any]], keys: Sequence[int]) -> None:
        """Adds `identity` to each row, after the access is written down."""
        if not rows:
            return
        subject = " ".join(dict.fromkeys((str(rows[0]["id"]), str(rows[-1]["id"]))))
        record_access(actor=self.caller.actor, action=action, subject=subject, records=len(rows))
        opened = queries.identities_of(keys)
        for row, key in zip(rows, keys, strict=True):
            row["identity"] = opened.get(key)


class ClaimsView(ReadsIdentity, PagedView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="claims_list",
        parameters=[ClaimQuery, *PAGES],
        responses={200: ClaimRow(many=True), **refusals(400)},
    )
    def get(self, request: Request) -> Response:
        """Claims in the order in which they were first seen."""
        wanted = asked(ClaimQuery, request.query_params)
        refusal = self.refused(wanted, "claims.list", "claims")
        if refusal is not None:
            return refusal
        pages = self.pagination_class()
        page = pages.paginate_queryset(_matching(wanted).values(*COLUMNS), request, view=self) or []
        rows = [row_of(row) for row in page]
        if wanted.get("fields") == "identity":
            self.with_identity("claims.list", rows, [row["pk"] for row in page])
        return pages.get_paginated_response(rows)


class ClaimView(ReadsIdentity):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="claims_read",
        parameters=[IdentityQuery, IF_NONE_MATCH],
        responses={200: ClaimDetail, **refusals(400, 404)},
    )
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """One claim with its lines and everything that happened to it, oldest first."""
        wanted = asked(IdentityQuery, request.query_params)
        claim = found(queries.claim(id))
        refusal = self.refused(wanted, "claims.read", str(id))
        if refusal is not None:
            return refusal
        row = row_of(queries.claims().values(*COLUMNS).get(pk=claim.pk))
        row["lines"] = Line(queries.lines_of(claim), many=True).data
        row["events"] = _told(claim)
        row["matches"] = MatchShape(queries.matches_of(claim), many=True).data
        if wanted.get("fields") == "identity":
            self.with_identity("claims.read", [row], [claim.pk])
        return tagged(request, row)


class SourceView(ApiView):
    rights: ClassVar = {"GET": Right.READ_PHI}

    @extend_schema(operation_id="claims_source", responses={200: SourceShape(many=True), **refusals(404)})
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """What every file says of the claim, as it stands there; each reading is written into the access log."""
        claim = found(queries.claim(id))
        record_access(actor=self.caller.actor, action="show_claim_source", subject=f"claim:{id}")
        places = dict.fromkeys((event.batch_id, event.position) for event in queries.timeline(claim) if event.position)
        return Response(SourceShape(sources_at(places), many=True).data)


def _told(claim: Claim) -> Any:
    events = queries.timeline(claim)
    context = {"uploads": public_ids_of(event.batch_id for event in events)}
    return EventShape(events, many=True, context=context).data


def _matching(wanted: dict[str, Any]) -> QuerySet[Any]:
    rows = queries.rejected_claims() if wanted.get("rejected") else queries.claims()
    if wanted.get("unmatched"):
        rows = queries.unmatched_claims()
    if "payer" in wanted:
        rows = rows.filter(payer__public_id=wanted["payer"])
    if "outcome" in wanted:
        rows = rows.filter(outcome=OUTCOMES[wanted["outcome"]])
    if "submitted_from" in wanted:
        rows = rows.filter(submitted_date__gte=wanted["submitted_from"])
    if "submitted_to" in wanted:
        rows = rows.filter(submitted_date__lte=wanted["submitted_to"])
    if "updated_after" in wanted:
        after = wanted["updated_after"]
        rows = rows.filter(Q(facts_known_at__gt=after) | Q(decision_known_at__gt=after))
    return rows
