"""What documents are printed on, as in the portal: paper and logo."""

import hashlib
from typing import Any, ClassVar

from django.db import transaction
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.api.idempotency import once
from upstream.api.multipart import file_of
from upstream.api.shapes import accepted
from upstream.api.v1.documented import IDEMPOTENCY_KEY, refusals
from upstream.api.v1.serializers.letterhead import LetterheadShape, LogoMoveRequest, PaperRequest
from upstream.api.v1.views.uploads import FORM
from upstream.api.views import CommittingView, found
from upstream.core.documents.pictures import MOST_BYTES
from upstream.reports import letterhead
from upstream.tenants.choices import Right
from upstream.tenants.queries import bound_organization

PNG = "image/png"
CHANGED: dict[Any, Any] = {200: LetterheadShape, **refusals(400, 409, 415, 422)}
ROOM = 4096  # for the lines around the picture in a form


def standing() -> Response:
    """The letterhead as it is now."""
    with transaction.atomic():
        said = {"paper": bound_organization().paper, "logo": letterhead.current_logo()}
        return Response(LetterheadShape(said).data)


class LetterheadView(CommittingView):
    rights: ClassVar = {"GET": Right.READ, "PUT": Right.REPORT}

    @extend_schema(operation_id="letterhead_read", responses={200: LetterheadShape, **refusals()})
    def get(self, request: Request) -> Response:
        """The paper that documents are made for, and the logo that they carry."""
        return standing()

    @extend_schema(
        operation_id="letterhead_write", request=PaperRequest, responses=CHANGED, parameters=[IDEMPOTENCY_KEY]
    )
    def put(self, request: Request) -> Response:
        """Another paper from the next document on."""

        def act() -> Response:
            letterhead.set_paper(accepted(PaperRequest, request.data)["paper"])
            return standing()

        return once(request, act)


class LogoView(CommittingView):
    rights: ClassVar = {"GET": Right.READ, "PUT": Right.REPORT}
    max_body = MOST_BYTES + ROOM

    @extend_schema(operation_id="logo_read", responses={(200, PNG): OpenApiTypes.BINARY, **refusals(404)})
    def get(self, request: Request) -> HttpResponse:
        """The logo as a PNG; 404 where there is none."""
        with transaction.atomic():
            return HttpResponse(found(letterhead.logo_content()), content_type=PNG)

    @extend_schema(
        operation_id="logo_write", parameters=[IDEMPOTENCY_KEY], responses=CHANGED,
        request={"application/octet-stream": OpenApiTypes.BINARY, "multipart/form-data": FORM},
    )  # fmt: skip
    def put(self, request: Request) -> Response:
        """A new logo from the next document on: PNG or JPEG of at most 1 MB, as the raw body or as the part "file"
        of a form. It is drawn anew, and made smaller where it is wider than 900 pixels."""
        content = b"".join(file_of(request._request)[1])

        def act() -> Response:
            letterhead.set_logo(content, actor=self.caller.actor)
            return standing()

        return once(request, act, sent=hashlib.sha256(content).hexdigest())


class LetterheadMovesView(CommittingView):
    rights: ClassVar = {"POST": Right.REPORT}

    @extend_schema(
        operation_id="letterhead_move", request=LogoMoveRequest, responses=CHANGED, parameters=[IDEMPOTENCY_KEY]
    )
    def post(self, request: Request) -> Response:
        """Take the logo away, or take the last word about it back."""
        move = accepted(LogoMoveRequest, request.data)["move"]

        def act() -> Response:
            actor = self.caller.actor
            (letterhead.take_logo_away if move == "take_away" else letterhead.put_logo_back)(actor=actor)
            return standing()

        return once(request, act)
