"""Looks of detection, and claims that changed since -> what the next four weeks bring, and what came."""

from collections.abc import Iterable

from upstream.core.stages import Stage
from upstream.forecast.services import is_due, reckon
from upstream.ingestion.queries import more_to_come

ONLY = 1


def ready() -> Iterable[int]:
    return [ONLY] if not more_to_come() and is_due() else []


def take(_only: int) -> bool:
    return reckon()


STAGE = Stage(name="forecast", queue="default", ready=ready, take=take)
