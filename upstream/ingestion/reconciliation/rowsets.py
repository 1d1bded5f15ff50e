"""Rows of the bound tenant out of a statement of our own words."""

from typing import Any

from django.db import connection

from upstream.core import tenancy


def rows(query: str, **values: Any) -> list[tuple[Any, ...]]:
    """What the statement selects; %(tenant)s is the bound one."""
    with connection.cursor() as cursor:
        cursor.execute(query, {"tenant": tenancy.required(), **values})
        return list(cursor.fetchall())
