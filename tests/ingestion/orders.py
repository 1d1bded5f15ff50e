"""Files in any order and however often: what a fresh practice knows after them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.db import connection
from hypothesis import strategies as st

from tests.factories import organization
from tests.ingestion.world import load
from upstream.core import tenancy

FIRST = datetime(2026, 3, 3, 12, tzinfo=UTC)
BY_WEEK = "SELECT submitted_week, known_week, outcome, claims, paid_cents FROM claims_payerweek ORDER BY 1, 2, 3"


def known_after(files: Sequence[bytes], order: Sequence[int], *questions: str) -> list[object]:
    """The answers to these after a practice of its own loaded the files in this order, each known a week after the one
    before it in `files`."""
    with tenancy.bind(organization().pk), connection.cursor() as cursor:
        for number in order:
            load(files[number], known_at=FIRST + timedelta(days=7 * number))
        answers: list[object] = []
        for question in questions:
            cursor.execute(question)
            answers.append(cursor.fetchall())
        return answers


def orders(files: Sequence[bytes]) -> st.SearchStrategy[list[int]]:
    """Every file once, in any order, and up to two of them again."""
    numbers = range(len(files))
    again = st.lists(st.sampled_from(numbers), max_size=2)
    return st.tuples(st.permutations(numbers), again).map(lambda both: [*both[0], *both[1]])
