"""Claims that changed, or prices that did -> lines priced against their contract."""

from collections.abc import Iterable

from upstream.contracts.pricing import payers_waiting, price_weeks
from upstream.core.stages import Stage
from upstream.ingestion.queries import more_to_come


def ready() -> Iterable[int]:
    return [] if more_to_come() else payers_waiting()


STAGE = Stage(name="contracts", queue="default", ready=ready, take=price_weeks)
