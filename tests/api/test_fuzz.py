"""Nonsense in every place where a caller can put some: always a refusal or an answer, never a fault."""

import random
import uuid
from urllib.parse import quote

import pytest

from tests.api.conftest import Caller
from tests.api.everything import one_of_everything
from tests.api.test_isolation import GUARDED
from upstream.core import tenancy

VALUES = [
    "", "0", "-1", "1e9", "null", "2026-13-01", "0001-01-01", "9999-12-31", "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00+14:00", "2026-01-01T00:00:00+99:99", "\x00", "\ud800", "é", "😀", "%", "'\"", "<script>",
    "a" * 5000, "[]", "{}", str(uuid.uuid4()), f"urn:uuid:{uuid.uuid4()}", "١٢٣", "½", "new", "identity", "1_0",
]  # fmt: skip
NAMES = [
    "payer", "outcome", "submitted_from", "submitted_to", "updated_after", "fields", "state", "kind", "cursor",
    "page_size", "known_at", "tenant", "payer[]", "", "format",
]  # fmt: skip
BODIES = [
    b"", b"[]", b"{}", b"\x00", b'"x"', b"1e400", b'{"to_state": 1}', b'{"to_state": null}', b'{"kind": {}}',
    b'{"kind": "weekly", "as_of": "0001-01-01"}', b'{"kind": "weekly", "as_of": "9999-12-31"}', b'{"": ""}',
    b'{"kind": "weekly", "mail": []}', b'{"kind": 1, "kind": "weekly"}', b'{"to_state": "working", "note": "\\u0000"}',
    b'{"to_state": "working", "note": 1e308}', b'{"to_state": "working", "note": true}', b"\xff" * 100,
]  # fmt: skip
TYPES = ["application/json"] * 5 + ["application/json; charset=utf-7", "text/plain", "multipart/form-data", "", "é"]
HEADERS = [
    ("Idempotency-Key", "é"), ("Idempotency-Key", " "), ("If-None-Match", "*"), ("If-None-Match", 'W/"x",,'),
    ("Content-Disposition", "attachment; filename*=utf-8''%00"), ("Content-Disposition", "=;;"), ("Accept", "\x7f"),
]  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nonsense_is_never_a_fault(us: Caller, seed: int) -> None:
    dice = random.Random(seed)
    with tenancy.bind(us.practice.pk):
        ids = one_of_everything()
    faults = []
    for _ in range(100):
        method, path, _operation = dice.choice(GUARDED)
        if "{id}" in path:
            path = path.replace("{id}", ids[path.partition("/")[0]])
        pairs = [(dice.choice(NAMES), dice.choice(VALUES)) for _ in range(dice.choice([0, 1, 2]))]
        query = "&".join(f"{quote(name)}={quote(value, errors='surrogatepass')}" for name, value in pairs)
        headers = dict(dice.sample(HEADERS, dice.choice([0, 1])))
        sent = dice.choice(BODIES)
        response = us(method, f"{path}?{query}", sent, **{"Content-Type": dice.choice(TYPES), **headers})
        kind = response.headers.get("Content-Type")
        if response.status_code >= 500 or (response.status_code >= 400 and kind != "application/problem+json"):
            faults.append((method, path, query, sent, headers, response.status_code))
    assert faults == []
