"""Cursor pages: the same cost at any depth, no count, and no row twice while rows are added."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.views import APIView


class StablePagination(CursorPagination):
    page_size = 100
    max_page_size = 500
    page_size_query_param = "page_size"
    ordering = "pk"

    def get_page_size(self, request: Request) -> int | None:
        """The size asked for; ValidationError for what is no number from 1 to 500: a shorter page than was asked for
        would pass for the last one."""
        asked = request.query_params.get(self.page_size_query_param)
        if asked is not None and not (asked.isdecimal() and len(asked) < 10 and 1 <= int(asked) <= self.max_page_size):
            raise ValidationError({self.page_size_query_param: "a number from 1 to 500"}, code="page_size")
        return super().get_page_size(request)

    def is_position(self, position: str) -> bool:
        """Whether a page of ours can have ended there."""
        return position.isascii() and position.isdecimal() and len(position) < 19

    def decode_cursor(self, request: Request) -> Cursor | None:
        """The cursor of an earlier page; ValidationError for one that no page of ours gave."""
        try:
            cursor: Cursor | None = super().decode_cursor(request)
        except NotFound as exc:
            raise _not_ours(self.cursor_query_param) from exc
        if cursor is not None and cursor.position is not None and not self.is_position(str(cursor.position)):
            raise _not_ours(self.cursor_query_param)
        return cursor

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }


class DatedPagination(StablePagination):
    """Pages in an order that begins with a day or a moment, which many rows share."""

    offset_cutoff = 1_000_000  # rows of one day

    def __init__(self, *order: str) -> None:
        self.order = order

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: APIView) -> tuple[str, ...]:
        return self.order

    def is_position(self, position: str) -> bool:
        try:
            datetime.fromisoformat(position)
        except ValueError:
            return False
        return True


def _not_ours(parameter: str) -> ValidationError:
    return ValidationError({parameter: "not a cursor of this list"}, code="cursor")
