"""Letters of one cause, and templates."""

import base64
import binascii
import uuid
from abc import ABC, abstractmethod
from typing import Any, ClassVar

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.alerts.queries import incident as find_incident
from upstream.api.idempotency import once
from upstream.api.shapes import Strict, accepted, asked
from upstream.api.v1.documented import IDEMPOTENCY_KEY, PAGES, refusals
from upstream.api.v1.serializers.letters import (
    BatchDetail,
    BatchMove,
    BatchRequest,
    BatchShape,
    MovedShape,
    ReviewRequest,
    ReviewShape,
    TemplateRequest,
    TemplateShape,
)
from upstream.api.v1.views.letters import sent_of
from upstream.api.v1.views.worklist import wanted_of
from upstream.api.views import ApiView, CommittingView, PagedView, found
from upstream.appeals import batches, queries, services, templates
from upstream.claims.models import Claim, Payer
from upstream.core import clock
from upstream.core.errors import Invalid
from upstream.core.money import cents_of
from upstream.tenants.choices import Right
from upstream.tenants.queries import bound_organization
from upstream.worklist.queries import listed

WITH_A_DOCUMENT = 4 * 1024 * 1024


class NothingAsked(Strict):
    """A list without filters, an act without words."""


class BatchesView(CommittingView, PagedView):
    rights: ClassVar = {"GET": Right.READ, "POST": Right.WORK}

    @extend_schema(
        operation_id="letter_batches_list", parameters=PAGES, responses={200: BatchShape(many=True), **refusals(400)}
    )
    def get(self, request: Request) -> Response:
        """Batches in the order in which they were asked for."""
        asked(NothingAsked, request.query_params)
        with transaction.atomic():
            return self.paged(queries.batches(), BatchShape)

    @extend_schema(
        operation_id="letter_batches_create",
        parameters=[IDEMPOTENCY_KEY],
        request=BatchRequest,
        responses={202: BatchShape, **refusals(400, 404, 409, 415, 422)},
    )
    def post(self, request: Request) -> Response:
        """Draft letters for an incident's claims, for those that are named or listed; a worker does it."""
        return once(request, lambda: self._started(request))

    def _started(self, request: Request) -> Response:
        wanted = accepted(BatchRequest, request.data)
        with transaction.atomic():
            incident = found(find_incident(wanted["incident"])) if "incident" in wanted else None
            claims = list(Claim.objects.filter(public_id__in=wanted.get("claims", [])))
            if "worklist" in wanted:
                today = clock.today(bound_organization().time_zone)
                rows = listed(wanted_of(wanted["worklist"]), today)[: batches.MOST_CLAIMS + 1]
                claims = [row.claim for row in rows]
            made = batches.start(
                actor=self.caller.actor, incident=incident, claims=claims, subject=wanted.get("subject", "")
            )
            return Response(BatchShape(made).data, status=202)


class BatchView(ApiView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(operation_id="letter_batches_read", responses={200: BatchDetail, **refusals(404)})
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """How far one batch is, and the letters that came of it."""
        return Response(BatchDetail(found(queries.batch(id))).data)


class BatchMovesView(CommittingView):
    rights: ClassVar = {"POST": Right.WORK}

    @extend_schema(
        operation_id="letter_batches_move",
        parameters=[IDEMPOTENCY_KEY],
        request=BatchMove,
        responses={200: MovedShape, **refusals(400, 404, 409, 415, 422)},
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Make all drafts ready, say that all ready ones were sent, or withdraw what the batch has drafted."""
        return once(request, lambda: self._moved(request, id))

    def _moved(self, request: Request, public_id: uuid.UUID) -> Response:
        with transaction.atomic():
            batch = found(queries.batch(public_id))
            wanted = accepted(BatchMove, request.data)
            done = batches.move_all(batch, to_state=wanted["to_state"], actor=self.caller.actor, sent=sent_of(wanted))
            return Response(MovedShape(done).data)


class BatchUndoView(CommittingView):
    rights: ClassVar = {"POST": Right.WORK}

    @extend_schema(
        operation_id="letter_batches_undo",
        parameters=[IDEMPOTENCY_KEY],
        request=NothingAsked,
        responses={200: MovedShape, **refusals(400, 404, 415)},
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Take your own last step on each letter back, where it is the last one that stands."""
        return once(request, lambda: self._undone(id))

    def _undone(self, public_id: uuid.UUID) -> Response:
        with transaction.atomic():
            done = batches.undo_all(found(queries.batch(public_id)), actor=self.caller.actor)
            return Response(MovedShape(done).data)


class BatchFilesView(CommittingView):
    rights: ClassVar = {"POST": Right.WORK}

    @extend_schema(
        operation_id="letter_batches_files",
        parameters=[IDEMPOTENCY_KEY],
        request=NothingAsked,
        responses={202: BatchShape, **refusals(400, 404, 409, 415, 422)},
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Put all letters into one archive and one PDF; a worker does it."""
        return once(request, lambda: self._asked(id))

    def _asked(self, public_id: uuid.UUID) -> Response:
        with transaction.atomic():
            batches.ask_files(found(queries.batch(public_id)))
            return Response(BatchShape(found(queries.batch(public_id))).data, status=202)


class TemplatesView(CommittingView, PagedView):
    rights: ClassVar = {"GET": Right.READ, "POST": Right.PAYERS}
    max_body = WITH_A_DOCUMENT

    @extend_schema(
        operation_id="letter_templates_list",
        parameters=PAGES,
        responses={200: TemplateShape(many=True), **refusals(400)},
    )
    def get(self, request: Request) -> Response:
        """Every version that the practice put in; the shipped ones stand behind them."""
        asked(NothingAsked, request.query_params)
        with transaction.atomic():
            return self.paged(queries.templates(), TemplateShape)

    @extend_schema(
        operation_id="letter_templates_create",
        parameters=[IDEMPOTENCY_KEY],
        request=TemplateRequest,
        responses={200: TemplateShape, **refusals(400, 404, 409, 413, 415, 422)},
    )
    def post(self, request: Request) -> Response:
        """Put the next version in; 422 names a field that is not offered."""
        return once(request, lambda: self._put_in(request))

    def _put_in(self, request: Request) -> Response:
        wanted = accepted(TemplateRequest, request.data)
        with transaction.atomic():
            payer = found(Payer.objects.filter(public_id=wanted["payer"]).first()) if "payer" in wanted else None
            made = templates.put_in(
                subject=wanted["subject"], payer=payer, words=wanted["words"], layout=_decoded(wanted["layout"]),
                valid_from=wanted.get("valid_from"), actor=self.caller.actor,
            )  # fmt: skip
            return Response(TemplateShape(made).data)


class TemplateView(ApiView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(operation_id="letter_templates_read", responses={200: TemplateShape, **refusals(404)})
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """One version."""
        return Response(TemplateShape(found(queries.template(id))).data)


class TemplateActs(CommittingView, ABC):
    """One act upon a version, once under an Idempotency-Key."""

    rights: ClassVar = {"POST": Right.PAYERS}

    def act(self, request: Request, id: uuid.UUID) -> Response:
        return once(request, lambda: self._acted(id))

    def _acted(self, public_id: uuid.UUID) -> Response:
        with transaction.atomic():
            self.perform(found(queries.template(public_id)))
            return Response(TemplateShape(found(queries.template(public_id))).data)

    @abstractmethod
    def perform(self, template: Any) -> None:
        """The act itself, inside the transaction."""


class TemplateTakeBackView(TemplateActs):
    @extend_schema(
        operation_id="letter_templates_take_back",
        parameters=[IDEMPOTENCY_KEY],
        request=NothingAsked,
        responses={200: TemplateShape, **refusals(404, 409)},
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Draft by the version before again."""
        return self.act(request, id)

    def perform(self, template: Any) -> None:
        templates.take_back(template, actor=self.caller.actor)


class TemplatePutBackView(TemplateActs):
    @extend_schema(
        operation_id="letter_templates_put_back",
        parameters=[IDEMPOTENCY_KEY],
        request=NothingAsked,
        responses={200: TemplateShape, **refusals(404, 409)},
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Draft by a version again that was taken back."""
        return self.act(request, id)

    def perform(self, template: Any) -> None:
        templates.put_back(template)


class ReviewView(CommittingView):
    rights: ClassVar = {"PUT": Right.PAYERS}

    @extend_schema(
        operation_id="letter_review_set",
        parameters=[IDEMPOTENCY_KEY],
        request=ReviewRequest,
        responses={200: ReviewShape, **refusals(400, 409, 415, 422)},
    )
    def put(self, request: Request) -> Response:
        """From which amount on a second person reads letters."""
        return once(request, lambda: self._set(request))

    def _set(self, request: Request) -> Response:
        above = accepted(ReviewRequest, request.data)["above"]
        with transaction.atomic():
            made = services.set_review_limit(
                amount_cents=None if above is None else cents_of(above), actor=self.caller.actor
            )
            return Response(ReviewShape(made).data)


def _decoded(layout: str) -> bytes:
    try:
        return base64.b64decode(layout, validate=True)
    except binascii.Error as exc:
        raise Invalid("layout", "the Word document is not base64") from exc
