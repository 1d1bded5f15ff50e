"""Letters to payers: drafted, changed, moved on, and taken away as files."""

import uuid
from abc import ABC, abstractmethod
from decimal import Decimal
from typing import Any, ClassVar

from django.db import transaction
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.alerts.queries import incident as find_incident
from upstream.api.idempotency import once
from upstream.api.shapes import accepted, asked
from upstream.api.v1.documented import IDEMPOTENCY_KEY, IF_NONE_MATCH, PAGES, refusals
from upstream.api.v1.serializers.letters import (
    LetterMove,
    LetterQuery,
    LetterRequest,
    LetterShape,
    LetterText,
    LetterVersion,
    OutcomesShape,
    TextRequest,
)
from upstream.api.views import ApiView, CommittingView, PagedView, found, tagged
from upstream.appeals import documents, queries, services
from upstream.appeals.drafting import draft
from upstream.appeals.rules import Sent
from upstream.claims.queries import claim as find_claim
from upstream.core.money import cents_of
from upstream.tenants.choices import Right


class LettersView(CommittingView, PagedView):
    rights: ClassVar = {"GET": Right.READ, "POST": Right.WORK}

    @extend_schema(
        operation_id="letters_list",
        parameters=[LetterQuery, *PAGES],
        responses={200: LetterShape(many=True), **refusals(400)},
    )
    def get(self, request: Request) -> Response:
        """Letters in the order in which they were drafted; without what they say."""
        wanted = asked(LetterQuery, request.query_params)
        plain = {name: wanted.pop(name) for name in ("state", "subject") if name in wanted}
        with transaction.atomic():
            rows = queries.letters().filter(**plain, **{f"{name}__public_id": id for name, id in wanted.items()})
            return self.paged(rows, LetterShape)

    @extend_schema(
        operation_id="letters_create",
        parameters=[IDEMPOTENCY_KEY],
        request=LetterRequest,
        responses={200: LetterShape, **refusals(400, 404, 409, 415, 422)},
    )
    def post(self, request: Request) -> Response:
        """Draft a letter on a claim; the one that is there when there is one."""
        return once(request, lambda: self._drafted(request))

    def _drafted(self, request: Request) -> Response:
        wanted = accepted(LetterRequest, request.data)
        with transaction.atomic():
            claim = found(find_claim(wanted["claim"]))
            incident = found(find_incident(wanted["incident"])) if "incident" in wanted else None
            made, _ = draft(
                claim, actor=self.caller.actor, subject=wanted.get("subject", ""), incident=incident,
                again=wanted["again"],
            )  # fmt: skip
            return Response(LetterShape(found(queries.letter(made.public_id))).data)


class LetterView(ApiView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="letters_read", parameters=[IF_NONE_MATCH], responses={200: LetterShape, **refusals(404)}
    )
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """Where one letter stands."""
        return tagged(request, LetterShape(found(queries.letter(id))).data)


class LetterActs(CommittingView, ABC):
    """Acts upon one letter, once under an Idempotency-Key."""

    def act(self, request: Request, id: uuid.UUID) -> Response:
        return once(request, lambda: self._acted(request, id))

    def _acted(self, request: Request, public_id: uuid.UUID) -> Response:
        with transaction.atomic():
            self.perform(found(queries.letter(public_id)), request)
            return Response(LetterShape(found(queries.letter(public_id))).data)

    @abstractmethod
    def perform(self, letter: Any, request: Request) -> None:
        """The act itself, inside the transaction."""


ACTED: Any = {200: LetterShape, **refusals(400, 404, 409, 415, 422)}


class LetterTextView(LetterActs):
    rights: ClassVar = {"GET": Right.READ_PHI, "PUT": Right.WORK}

    @extend_schema(operation_id="letters_text", responses={200: LetterText, **refusals(404)})
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """What the letter says; the reading is written into the access log."""
        with transaction.atomic():
            letter = found(queries.letter(id))
            text = documents.text_of(letter, actor=self.caller.actor)
            body = {"version": letter.version, "paragraphs": text.paragraphs, "tracking": text.tracking}
            return Response(LetterText(body).data)

    @extend_schema(operation_id="letters_write", parameters=[IDEMPOTENCY_KEY], request=TextRequest, responses=ACTED)
    def put(self, request: Request, id: uuid.UUID) -> Response:
        """Change what it says; it is a draft again. 409 when somebody was faster: nothing is overwritten."""
        return self.act(request, id)

    def perform(self, letter: Any, request: Request) -> None:
        services.edit(letter, actor=self.caller.actor, **accepted(TextRequest, request.data))


class LetterMovesView(LetterActs):
    rights: ClassVar = {"POST": Right.WORK}

    @extend_schema(operation_id="letters_move", parameters=[IDEMPOTENCY_KEY], request=LetterMove, responses=ACTED)
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Bring a letter to another state; 409 when that is not a step from where it stands."""
        return self.act(request, id)

    def perform(self, letter: Any, request: Request) -> None:
        wanted = accepted(LetterMove, request.data)
        services.move(
            letter, to_state=wanted["to_state"], version=wanted["version"], actor=self.caller.actor,
            note=wanted["note"], sent=sent_of(wanted), answered_on=wanted.get("answered_on"),
            recovered_cents=cents_of(wanted.get("recovered", Decimal(0))),
        )  # fmt: skip


class LetterUndoView(LetterActs):
    rights: ClassVar = {"POST": Right.WORK}

    @extend_schema(operation_id="letters_undo", parameters=[IDEMPOTENCY_KEY], request=LetterVersion, responses=ACTED)
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Take the caller's own last step back."""
        return self.act(request, id)

    def perform(self, letter: Any, request: Request) -> None:
        services.undo(letter, actor=self.caller.actor, **accepted(LetterVersion, request.data))


class OutcomesView(ApiView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(operation_id="letters_outcomes", responses={200: OutcomesShape, **refusals()})
    def get(self, request: Request) -> Response:
        """How letters ended, by payer and subject."""
        return Response(OutcomesShape({"results": queries.records()}).data)


class LetterFileView(ApiView):
    """`format` is given by the address."""

    rights: ClassVar = {"GET": Right.READ_PHI}
    format = "pdf"

    def get(self, request: Request, id: uuid.UUID) -> HttpResponse:
        letter = found(queries.letter(id))
        return file_answer(
            documents.file_of(letter, self.format, actor=self.caller.actor), documents.name_of(letter), self.format
        )


class LetterPdfView(LetterFileView):
    @extend_schema(
        operation_id="letters_pdf",
        responses={(200, documents.MEDIA_TYPES["pdf"]): OpenApiTypes.BINARY, **refusals(404, 409)},
    )
    def get(self, request: Request, id: uuid.UUID) -> HttpResponse:
        """The letter as PDF; written into the access log."""
        return super().get(request, id)


class LetterWordView(LetterFileView):
    format = "docx"

    @extend_schema(
        operation_id="letters_docx",
        responses={(200, documents.MEDIA_TYPES["docx"]): OpenApiTypes.BINARY, **refusals(404, 409)},
    )
    def get(self, request: Request, id: uuid.UUID) -> HttpResponse:
        """The letter as a Word document; written into the access log."""
        return super().get(request, id)


def sent_of(wanted: dict[str, Any]) -> Sent | None:
    """How it was sent, where the caller says so."""
    if "way" not in wanted or "sent_on" not in wanted:
        return None
    return Sent(wanted["way"], wanted["sent_on"], wanted["tracking"])


def file_answer(content: bytes, name: str, file_format: str) -> HttpResponse:
    """A file to take away."""
    response = HttpResponse(content, content_type=documents.MEDIA_TYPES[file_format])
    response["Content-Disposition"] = f'attachment; filename="{name}.{file_format}"'
    return response
