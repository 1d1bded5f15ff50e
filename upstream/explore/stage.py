"""Months of submission whose claims changed -> their facts, as people may ask them."""

from collections.abc import Iterable

from upstream.core.stages import Stage
from upstream.explore.facts.writing import is_waiting, take_month
from upstream.ingestion.queries import more_to_come


def ready() -> Iterable[int]:
    return [1] if not more_to_come() and is_waiting() else []


STAGE = Stage(name="facts", queue="default", ready=ready, take=take_month)
