"""Ids and keys asked for by thousands arrive as they were sent."""

from datetime import date

import pytest
from django.db import connection, transaction

from tests.factories import organization
from upstream.core import tenancy
from upstream.core.db.keys import rows_by_id, rows_by_key

ASKED = "SELECT id FROM unnest(%(ids)s::bigint[]) AS id WHERE %(day)s = '2026-03-02'::date AND %(tenant)s > 0"


@pytest.mark.django_db
@pytest.mark.parametrize("ids", [[], [0], [-(2**63), -1, 1, 2**31, 2**63 - 1], list(range(5_000))], ids=len)
def test_ids_of_every_size_arrive(ids: list[int]) -> None:
    with tenancy.bind(organization().pk), transaction.atomic(), connection.cursor() as cursor:
        assert [row for (row,) in rows_by_id(cursor, ASKED, ids, {"day": date(2026, 3, 2)})] == ids


@pytest.mark.django_db
def test_keys_arrive_byte_for_byte() -> None:
    keys = [bytes(16), bytes(range(16)), b"\xff" * 16]
    with tenancy.bind(organization().pk), transaction.atomic(), connection.cursor() as cursor:
        found = rows_by_key(cursor, "SELECT key FROM unnest(%(keys)s::bytea[]) AS key WHERE %(tenant)s > 0", keys)
    assert [bytes(key) for (key,) in found] == keys
