from datetime import UTC, datetime
from uuid import UUID

from upstream.core.ids import public_ids, short


def test_ids_made_together_are_told_apart_by_what_people_are_shown() -> None:
    made = [UUID(bytes=raw) for raw in public_ids(200, datetime(2026, 3, 2, 9, tzinfo=UTC))]

    assert len({short(one) for one in made}) == 200
    assert {len(short(one)) for one in made} == {8}
