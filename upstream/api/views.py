"""What every view of the API is: JSON alone, small bodies, one right for each method."""

import hashlib
from typing import Any, ClassVar, TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils.decorators import method_decorator
from rest_framework import exceptions
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from upstream.api.authentication import Machine
from upstream.api.pagination import StablePagination
from upstream.api.parsers import FlatJSONParser
from upstream.api.shapes import Shape
from upstream.core.errors import DomainError

Thing = TypeVar("Thing")
MAX_BODY_BYTES = 64 * 1024


class TooLarge(DomainError):
    status = 413


class OneKind(BaseContentNegotiation):
    """Each path answers in one media type, whatever Accept says; a body is read by its Content-Type."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        offered = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == offered), None)

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class ApiView(APIView):
    """`rights`: what the caller must hold, by method. `max_body`: bytes that the view takes at most."""

    rights: ClassVar[dict[str, str]] = {}
    max_body: ClassVar[int | None] = MAX_BODY_BYTES
    parser_classes = [FlatJSONParser]
    content_negotiation_class = OneKind
    metadata_class = None

    counted = False

    @property
    def caller(self) -> Machine:
        """The authenticated client."""
        return self.request.user  # type: ignore[return-value]  # HasScope let nobody else in

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.max_body is not None and int(request.META.get("CONTENT_LENGTH") or 0) > self.max_body:
            raise TooLarge("too_large", f"this path takes at most {self.max_body} bytes")

    def check_permissions(self, request: Request) -> None:
        """Refusals are written down, so they count against the caller's rate like everything else."""
        self.check_throttles(request)
        super().check_permissions(request)

    def check_throttles(self, request: Request) -> None:
        if not self.counted:
            self.counted = True
            super().check_throttles(request)


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class CommittingView(ApiView):
    """A view that opens its own transactions, because what it does must stay when the answer fails."""

    commits = True


class UnknownPath(ApiView):
    """Every path below /api/ that is none of ours, for everybody alike."""

    authentication_classes = []
    permission_classes = []
    throttle_classes = []
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise exceptions.NotFound("there is no such path")


class PagedView(ApiView):
    """A list, page by page in the order in which rows were made."""

    pagination_class = StablePagination

    def paged(self, rows: QuerySet[Any], shape: type[Shape], **context: Any) -> Response:
        """One page of the rows in this shape."""
        pages = self.pagination_class()
        page = pages.paginate_queryset(rows, self.request, view=self)
        return pages.get_paginated_response(shape(page, many=True, context=context).data)


def found(thing: Thing | None) -> Thing:
    """The thing itself; NotFound for None, which another tenant's thing is here too."""
    if thing is None:
        raise exceptions.NotFound("there is no such thing here")
    return thing


def tag_of(body: Any, version: int | None = None) -> str:
    """The ETag of this content, which begins with the thing's version where it has one."""
    digest = hashlib.sha256(repr(body).encode()).hexdigest()[:32]
    return f'"{digest}"' if version is None else f'"{version}-{digest}"'


def tagged(request: Request, body: Any, version: int | None = None) -> Response:
    """The answer with an ETag of its content; 304 without a body when the caller has it already."""
    response = Response(body)
    tag = tag_of(body, version)
    response["ETag"] = tag
    asked = {word.strip().removeprefix("W/") for word in request.headers.get("If-None-Match", "").split(",")}
    if tag in asked or "*" in asked:
        response.status_code, response.data = 304, None
    return response
