"""Mutes, planned work, what was said, and what verdicts have taught."""

import uuid
from typing import ClassVar

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.api.idempotency import once
from upstream.api.shapes import accepted, asked
from upstream.api.v1.documented import PAGES, refusals
from upstream.api.v1.serializers import routing as shapes
from upstream.api.v1.serializers.uploads import UploadQuery
from upstream.api.v1.views.routing import WRITES, ActView, documented, known, scope_said, shown
from upstream.api.views import ApiView, CommittingView, PagedView
from upstream.routing import learning, mutes, queries
from upstream.routing.models import Mute, Notice, Window
from upstream.tenants.choices import Right


class MutesView(CommittingView):
    rights: ClassVar = {"GET": Right.READ, "POST": Right.ROUTE}

    @extend_schema(operation_id="routing_mutes_list", responses={200: shapes.MuteShape(many=True), **refusals()})
    def get(self, request: Request) -> Response:
        """The newest thousand mutes, those that are over too."""
        with transaction.atomic():
            return Response({"results": shapes.MuteShape(queries.mutes()[:1000], many=True, context=known()).data})

    @extend_schema(
        operation_id="routing_mutes_create", request=shapes.MuteRequest,
        responses={201: shapes.MuteShape, **refusals(400, 415, 422)}, parameters=WRITES,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Nobody is told of incidents of a scope until some day within a year."""
        return once(request, lambda: self._made(request))

    def _made(self, request: Request) -> Response:
        with transaction.atomic():
            wanted = accepted(shapes.MuteRequest, request.data)
            made = mutes.add_mute(
                scope=scope_said(wanted["scope"]), reason=wanted["reason"], expires_at=wanted["expires_at"],
                actor=self.caller.actor,
            )  # fmt: skip
            return shown(shapes.MuteShape, made, 201)


class MuteEndView(ActView):
    kind, shape, act = Mute, shapes.MuteShape, staticmethod(mutes.end_mute)

    @documented("routing_mutes_end", shapes.MuteShape)
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Take a mute back: what it kept quiet and is still open is told now."""
        return self.acted(request, id, actor=self.caller.actor)


class MuteBackView(ActView):
    kind, shape, act = Mute, shapes.MuteShape, staticmethod(mutes.put_mute_back)

    @documented("routing_mutes_put_back", shapes.MuteShape)
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """A mute that was taken back holds again."""
        return self.acted(request, id)


class WindowsView(CommittingView):
    rights: ClassVar = {"GET": Right.READ, "POST": Right.ROUTE}

    @extend_schema(
        operation_id="routing_windows_list", responses={200: shapes.PlannedWorkShape(many=True), **refusals()}
    )
    def get(self, request: Request) -> Response:
        """The newest thousand pieces of planned work."""
        with transaction.atomic():
            return Response({"results": shapes.PlannedWorkShape(queries.windows()[:1000], many=True).data})

    @extend_schema(
        operation_id="routing_windows_create", request=shapes.PlannedWorkRequest,
        responses={201: shapes.PlannedWorkShape, **refusals(400, 415, 422)}, parameters=WRITES,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Hold telling while planned work lasts."""
        return once(request, lambda: self._made(request))

    def _made(self, request: Request) -> Response:
        with transaction.atomic():
            wanted = accepted(shapes.PlannedWorkRequest, request.data)
            return shown(shapes.PlannedWorkShape, mutes.plan_work(**wanted, actor=self.caller.actor), 201)


class WindowEndView(ActView):
    kind, shape, act = Window, shapes.PlannedWorkShape, staticmethod(mutes.end_work)

    @documented("routing_windows_end", shapes.PlannedWorkShape)
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """The work is over, or will not be: what it held is told now."""
        return self.acted(request, id, actor=self.caller.actor)


class WindowBackView(ActView):
    kind, shape, act = Window, shapes.PlannedWorkShape, staticmethod(mutes.put_work_back)

    @documented("routing_windows_put_back", shapes.PlannedWorkShape)
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Work that was ended goes on until the end that was planned."""
        return self.acted(request, id)


class NoticesView(PagedView):
    rights: ClassVar = {"GET": Right.ROUTE}

    @extend_schema(
        operation_id="routing_notices_list", parameters=PAGES,
        responses={200: shapes.NoticeShape(many=True), **refusals(400)},
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Everything that was or will be said, in the order in which it was decided."""
        asked(UploadQuery, request.query_params)
        return self.paged(Notice.objects.all(), shapes.NoticeShape)


class LearnedView(ApiView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(operation_id="routing_learned", responses={200: shapes.LearnedShape(many=True), **refusals()})
    def get(self, request: Request) -> Response:
        """What people's verdicts of the last year ask of new incidents, with its arithmetic."""
        return Response({"results": shapes.LearnedShape(learning.learned(), many=True).data})
