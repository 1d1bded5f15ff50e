"""The worklist: denied claims to read, and acts upon them."""

import uuid
from datetime import date
from typing import Any, ClassVar

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.alerts.queries import incident as find_incident
from upstream.api.idempotency import once
from upstream.api.pagination import DatedPagination
from upstream.api.shapes import accepted, asked
from upstream.api.v1.documented import IDEMPOTENCY_KEY, IF_NONE_MATCH, PAGES, refusals
from upstream.api.v1.serializers.worklist import (
    ActRequest,
    ActShape,
    WorkItemDetail,
    WorkItemShape,
    WorklistQuery,
    told,
)
from upstream.api.views import ApiView, CommittingView, PagedView, found, tagged
from upstream.claims import payer_queries
from upstream.core import clock
from upstream.core.errors import Invalid
from upstream.tenants.choices import Right
from upstream.tenants.queries import active_members, bound_organization
from upstream.tenants.services import tenant_keys
from upstream.worklist import queries, services
from upstream.worklist.choices import ActKind, Show
from upstream.worklist.models import Act, Item

NOT_THERE = -1


class WorklistView(PagedView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="worklist_list",
        parameters=[WorklistQuery, *PAGES],
        responses={200: WorkItemShape(many=True), **refusals(400)},
    )
    def get(self, request: Request) -> Response:
        """Denied claims to work in the order of the page: by the payer's deadline, then by what should come back."""
        wanted = wanted_of(asked(WorklistQuery, request.query_params))
        pages = DatedPagination(*queries.ORDERS[Show(wanted.show)])
        page = pages.paginate_queryset(queries.listed(wanted, _today()), request, view=self)
        return pages.get_paginated_response(WorkItemShape(page, many=True).data)


def wanted_of(sent: dict[str, Any]) -> queries.Wanted:
    """The question; a payer or incident that is not here matches nothing."""
    payer = payer_queries.payer(sent["payer"]) if "payer" in sent else None
    incident = find_incident(sent["incident"]) if "incident" in sent else None
    return queries.Wanted(
        show=sent["show"],
        owner=0 if sent.get("unowned") else None,
        payer=(payer.pk if payer else NOT_THERE) if "payer" in sent else None,
        category=sent.get("category", ""),
        step=sent.get("step", ""),
        soon=bool(sent.get("due_within_7_days")),
        incident=(incident.pk if incident else NOT_THERE) if "incident" in sent else None,
    )


def _today() -> date:
    return clock.today(bound_organization().time_zone)


class WorkItemView(ApiView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="worklist_read", parameters=[IF_NONE_MATCH], responses={200: WorkItemDetail, **refusals(404)}
    )
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """One denied claim with everything that was done to it."""
        item = found(queries.item(id))
        return tagged(request, told(item, queries.events_of(item), tenant_keys()))


class ActsView(CommittingView):
    rights: ClassVar = {"POST": Right.WORK}

    @extend_schema(
        operation_id="worklist_act",
        parameters=[IDEMPOTENCY_KEY],
        request=ActRequest,
        responses={200: ActShape, **refusals(400, 404, 409, 415, 422)},
    )
    def post(self, request: Request) -> Response:
        """Move, assign, put aside or note items: all of them, or none. 409 when one was changed since you saw it."""
        return once(request, lambda: self._acted(accepted(ActRequest, request.data)))

    def _acted(self, sent: dict[str, Any]) -> Response:
        with transaction.atomic():
            versions = {one["id"]: one.get("version") for one in sent["items"]}
            items = list(queries.items().filter(public_id__in=versions))
            if len(items) < len(versions):
                raise NotFound("one of these items is not here")
            seen = {item.public_id: versions[item.public_id] or item.version for item in items}
            act = _carry_out(sent, items, seen, self.caller.actor)
            return Response(ActShape(_shape(act, sent["kind"])).data)


def _carry_out(sent: dict[str, Any], items: list[Item], seen: services.Seen, actor: str) -> Act | None:
    kind, note = sent["kind"], sent["note"]
    if kind == ActKind.STEP:
        return services.step(items, to_step=sent.get("to_step", ""), actor=actor, note=note, seen=seen)
    if kind == ActKind.SNOOZE:
        until = sent.get("until")
        return services.snooze(items, until=until, today=_today(), actor=actor, note=note, seen=seen)
    if kind == ActKind.NOTE:
        if len(items) > 1:
            raise Invalid("items", "a note stands at one item")
        return services.write_note(items[0], text=note, actor=actor)
    owner = sent.get("owner")
    member = active_members().filter(user__public_id=owner).first() if owner else None
    if owner and member is None:
        raise Invalid("owner", "there is no such person here")
    return services.assign(items, member=member, actor=actor, seen=seen)


def _shape(act: Act | None, kind: str) -> dict[str, Any]:
    return {"id": act.public_id if act else None, "kind": kind, "items": act.items if act else 0}


class UndoActView(CommittingView):
    rights: ClassVar = {"POST": Right.WORK}

    @extend_schema(
        operation_id="worklist_undo",
        parameters=[IDEMPOTENCY_KEY],
        request=None,
        responses={200: ActShape, **refusals(403, 404, 409)},
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Take one of your own acts back, whole; items changed since stay as they are."""
        return once(request, lambda: self._undone(id))

    def _undone(self, public_id: uuid.UUID) -> Response:
        with transaction.atomic():
            undone = services.undo(found(queries.act(public_id)), actor=self.caller.actor)
            return Response(ActShape(_shape(undone, undone.kind)).data)
