"""Payers: to list, to read with their names, and to decide whose names are whose."""

import uuid
from typing import ClassVar

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.api.idempotency import once
from upstream.api.shapes import accepted, asked
from upstream.api.v1.documented import IDEMPOTENCY_KEY, IF_NONE_MATCH, PAGES, refusals
from upstream.api.v1.serializers.payers import (
    DecisionRequest,
    DecisionShape,
    PayerDetail,
    PayerShape,
    QuestionsShape,
    RawName,
)
from upstream.api.v1.serializers.uploads import UploadQuery
from upstream.api.views import ApiView, CommittingView, PagedView, found, tagged
from upstream.claims import payer_decisions, payer_queries
from upstream.claims.choices import Decided
from upstream.core.errors import Invalid
from upstream.tenants.choices import Right


class PayersView(PagedView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="payers_list", parameters=PAGES, responses={200: PayerShape(many=True), **refusals(400)}
    )
    def get(self, request: Request) -> Response:
        """Payers for which claims count, in the order in which they were opened."""
        asked(UploadQuery, request.query_params)
        return self.paged(payer_queries.payers().select_related("counted_with"), PayerShape)


class PayerView(ApiView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="payers_read", parameters=[IF_NONE_MATCH], responses={200: PayerDetail, **refusals(404)}
    )
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """One payer with every name that leads or led to it."""
        payer = found(payer_queries.payer(id))
        names = RawName(payer_queries.aliases_of(payer), many=True)
        return tagged(request, {**PayerShape(payer).data, "names": names.data})


class QuestionsView(ApiView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(operation_id="payer_questions_list", responses={200: QuestionsShape, **refusals()})
    def get(self, request: Request) -> Response:
        """Names that wait for a decision, the most claims first, with the payers that they may be."""
        return Response(QuestionsShape({"results": payer_queries.questions()}).data)


class DecisionsView(CommittingView):
    rights: ClassVar = {"POST": Right.PAYERS}

    @extend_schema(
        operation_id="payers_decide",
        parameters=[IDEMPOTENCY_KEY],
        request=DecisionRequest,
        responses={200: DecisionShape, **refusals(400, 404, 409, 415, 422)},
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Say that the payer is the same as another one, or one of its own; 409 when that cannot be any more."""
        return once(request, lambda: self._decided(request, id))

    def _decided(self, request: Request, public_id: uuid.UUID) -> Response:
        with transaction.atomic():
            payer = found(payer_queries.payer(public_id))
            wanted = accepted(DecisionRequest, request.data)
            if wanted["decision"] == Decided.OWN:
                return Response(DecisionShape(payer_decisions.own_payer(payer, actor=self.caller.actor)).data)
            other = payer_queries.payer(wanted["other"])
            if other is None:
                raise Invalid("other", "there is no such payer")
            return Response(DecisionShape(payer_decisions.same_payer(payer, other, actor=self.caller.actor)).data)


class UndoView(CommittingView):
    rights: ClassVar = {"POST": Right.PAYERS}

    @extend_schema(
        operation_id="payer_decisions_undo",
        parameters=[IDEMPOTENCY_KEY],
        request=None,
        responses={200: DecisionShape, **refusals(404, 409, 422)},
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Take a decision back: names and claims return to where they were. Answers with the decision that does so."""
        return once(request, lambda: self._undone(id))

    def _undone(self, public_id: uuid.UUID) -> Response:
        with transaction.atomic():
            decision = found(payer_queries.move(public_id))
            return Response(DecisionShape(payer_decisions.undo(decision, actor=self.caller.actor)).data)
