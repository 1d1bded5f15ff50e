"""What clients do with incidents: the same steps that people take, each known by its version."""

import re
import uuid
from collections.abc import Callable
from typing import Any, ClassVar

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.alerts import joining, queries, services
from upstream.alerts.life_rules import Snooze
from upstream.alerts.models import Incident
from upstream.alerts.steps import ChangedMeanwhile
from upstream.api.idempotency import once
from upstream.api.shapes import Strict, accepted, asked
from upstream.api.v1.documented import IDEMPOTENCY_KEY, IF_MATCH, PAGES, refusals
from upstream.api.v1.serializers.incident_life import (
    AssignRequest,
    CommentRequest,
    MergeRequest,
    RaiseRequest,
    SnoozeRequest,
    SplitRequest,
    TransitionRequest,
    UndoRequest,
    WakeRequest,
    WorkerShape,
)
from upstream.api.v1.serializers.incidents import IncidentDetail, TransitionShape
from upstream.api.v1.serializers.uploads import UploadQuery
from upstream.api.v1.views.incidents import detail_of
from upstream.api.views import CommittingView, PagedView, found, tag_of
from upstream.core.errors import DomainError, Invalid
from upstream.core.money import cents_of
from upstream.tenants.choices import Right
from upstream.tenants.models import Membership
from upstream.tenants.queries import active_members
from upstream.tenants.services import tenant_keys

Act = Callable[[Incident, dict[str, Any]], object]
VERSION = re.compile(r'"(\d{1,9})-')


class NotThatVersion(DomainError):
    """The incident is no more what the caller's ETag says; `changed` tells the steps since."""

    status = 412

    def __init__(self, incident: Incident, seen: int) -> None:
        super().__init__("changed_meanwhile", "this incident was changed since; read it again")
        self.changed = [
            {"kind": step.kind, "actor": step.actor, "at": step.at.isoformat().replace("+00:00", "Z")}
            for step in queries.steps_since(incident, seen)
        ]


def _hold_to(request: Request, incident: Incident) -> None:
    """NotThatVersion unless the incident is what If-Match says; nothing where the caller sent none."""
    sent = request.headers.get("If-Match", "*").strip()
    tags = {tag.strip() for tag in sent.split(",")}
    if "*" in tags or tag_of(detail_of(incident), incident.version) in tags:
        return
    version = VERSION.search(sent)
    raise NotThatVersion(incident, int(version[1]) if version else incident.version)


class ActView(CommittingView):
    """One act on one incident."""

    rights: ClassVar = {"POST": Right.WORK}

    def acted(self, request: Request, public_id: uuid.UUID, kind: type[Strict], act: Act) -> Response:
        """What the incident is after the act, with its new ETag; once for a key."""
        return once(request, lambda: self._acted(request, public_id, kind, act))

    def _acted(self, request: Request, public_id: uuid.UUID, kind: type[Strict], act: Act) -> Response:
        with transaction.atomic():
            incident = found(queries.incident(public_id))
            wanted = accepted(kind, request.data)
            _hold_to(request, incident)
            try:
                act(incident, {**wanted, "actor": self.caller.actor})
            except ChangedMeanwhile as exc:
                if "If-Match" in request.headers:
                    raise NotThatVersion(incident, exc.seen) from exc
                raise
            after = found(queries.incident(public_id))
            body = detail_of(after)
            return Response(body, headers={"ETag": tag_of(body, after.version)})


def acts(operation: str, kind: type[Strict]) -> Any:
    """How the document tells of an act."""
    return extend_schema(
        operation_id=operation,
        parameters=[IDEMPOTENCY_KEY, IF_MATCH],
        request=kind,
        responses={200: IncidentDetail, **refusals(400, 404, 409, 412, 415, 422)},
    )


class TransitionsView(ActView):
    @acts("incidents_move", TransitionRequest)
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Move an incident to another state; 409 when that is not a step from where it stands."""

        def act(incident: Incident, told: dict[str, Any]) -> None:
            said = told.pop("said_recovered")
            services.move(incident, said_cents=None if said is None else cents_of(said), **told)

        return self.acted(request, id, TransitionRequest, act)


class AssignView(ActView):
    @acts("incidents_assign", AssignRequest)
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Give an incident to a member who works incidents, or to nobody."""

        def act(incident: Incident, told: dict[str, Any]) -> None:
            services.assign(incident, member=_member(told["member"]), actor=told["actor"])

        return self.acted(request, id, AssignRequest, act)


class CommentsView(ActView):
    @acts("incidents_comment", CommentRequest)
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Say something to those who work the incident."""
        return self.acted(request, id, CommentRequest, lambda incident, told: services.comment(incident, **told))


class SnoozeView(ActView):
    @acts("incidents_snooze", SnoozeRequest)
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Put an incident out of the way until a day, or until its money or rate passes a mark."""

        def act(incident: Incident, told: dict[str, Any]) -> None:
            money = told.pop("money")
            asked_for = Snooze(told.pop("until"), None if money is None else cents_of(money), told.pop("rate"))
            services.snooze(incident, asked=asked_for, **told)

        return self.acted(request, id, SnoozeRequest, act)


class WakeView(ActView):
    @acts("incidents_wake", WakeRequest)
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """List a snoozed incident again."""
        return self.acted(request, id, WakeRequest, lambda incident, told: services.wake(incident, **told))


class RaiseView(ActView):
    @acts("incidents_raise", RaiseRequest)
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Put it on the list for the next meeting with its payer, or take it off; 409 where it stands so already."""
        return self.acted(
            request, id, RaiseRequest, lambda incident, told: services.raise_with_payer(incident, **told)
        )  # fmt: skip


class MergeView(ActView):
    @acts("incidents_merge", MergeRequest)
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Take another incident in: its claims count here, each once."""

        def act(incident: Incident, told: dict[str, Any]) -> None:
            joining.merge(incident, **{**told, "part": found(queries.incident(told["part"]))})

        return self.acted(request, id, MergeRequest, act)


class SplitView(ActView):
    @acts("incidents_split", SplitRequest)
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Make a part of an incident one of its own; its `split_from` is this one."""
        return self.acted(request, id, SplitRequest, lambda incident, told: joining.split(incident, **told))


class UndoView(ActView):
    @acts("incidents_undo", UndoRequest)
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Take a step of the client's own back."""
        return self.acted(request, id, UndoRequest, lambda incident, told: services.undo(incident, **told))


class HistoryView(PagedView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="incidents_history",
        parameters=PAGES,
        responses={200: TransitionShape(many=True), **refusals(400, 404)},
    )
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """Every step, comments too, in the order in which they were taken."""
        asked(UploadQuery, request.query_params)
        steps = queries.told_steps(found(queries.incident(id)))
        return self.paged(steps, TransitionShape, keys=tenant_keys())


class MembersView(PagedView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="members_list", parameters=PAGES, responses={200: WorkerShape(many=True), **refusals(400)}
    )
    def get(self, request: Request) -> Response:
        """Those who may be given incidents, and what comments call them by."""
        asked(UploadQuery, request.query_params)
        return self.paged(active_members(), WorkerShape)


def _member(public_id: uuid.UUID | None) -> Membership | None:
    """Invalid for an id that is no active member's."""
    if public_id is None:
        return None
    member: Membership | None = active_members().filter(user__public_id=public_id).first()
    if member is None:
        raise Invalid("member", "there is no such member here")
    return member
