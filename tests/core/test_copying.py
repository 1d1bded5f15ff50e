"""What is built column by column is what PostgreSQL reads."""

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from upstream.core.db.copying import copy_stream

KINDS = {
    "a": "int2", "b": "int4", "c": "int8", "d": "bool", "e": "text", "f": "date", "g": "timestamptz", "h": "numeric",
    "i": "bytea", "j": "uuid",
}  # fmt: skip
CENTS = st.decimals(min_value=-(10**9), max_value=10**9, places=3, allow_nan=False) | st.integers(-(10**9), 10**9).map(
    Decimal
)
ROW = st.tuples(
    st.none() | st.integers(-(2**15), 2**15 - 1),
    st.none() | st.integers(-(2**31), 2**31 - 1),
    st.none() | st.integers(-(2**63), 2**63 - 1),
    st.none() | st.booleans(),
    st.none() | st.text(st.characters(blacklist_characters="\0", blacklist_categories=("Cs",)), max_size=12),
    st.none() | st.dates(date(1, 1, 1), date(9999, 12, 31)),
    st.none() | st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)).map(lambda at: at.replace(tzinfo=UTC)),
    st.none() | CENTS,
    st.none() | st.binary(max_size=40),
    st.none() | st.uuids().map(lambda key: key.bytes),
)


def read_back(stream: bytes) -> list[tuple[object, ...]]:
    columns = ", ".join(f"{name} {kind}" for name, kind in KINDS.items())
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE copied (n serial, {columns}) ON COMMIT DROP")
        with cursor.copy(f"COPY copied ({', '.join(KINDS)}) FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(stream)
        cursor.execute(f"SELECT {', '.join(KINDS)} FROM copied ORDER BY n")
        rows = cursor.fetchall()
        cursor.execute("DROP TABLE copied")
    return rows


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROW, min_size=1, max_size=8))
def test_rows_come_back_as_they_were(rows):
    expected = [(*row[:9], row[9] and uuid.UUID(bytes=row[9])) for row in rows]
    assert read_back(copy_stream(list(KINDS.values()), rows)) == expected


def test_no_rows_are_no_stream():
    assert copy_stream(["int2"], []) == b""
