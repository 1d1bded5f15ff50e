"""Openings, closings and wakings are decided; notices that are due are let go, one by one or as a digest."""

from collections.abc import Iterable

from upstream.core.stages import Stage
from upstream.routing import digests, intake, queries, services, waking


def _openings() -> Iterable[int]:
    return queries.openings_waiting().values_list("pk", flat=True)


def _closings() -> Iterable[int]:
    return queries.closings_waiting().values_list("pk", flat=True)


def _wakings() -> Iterable[int]:
    return queries.wakings_waiting().values_list("pk", flat=True)


def _due() -> Iterable[int]:
    return queries.notices_due().values_list("pk", flat=True)


OPENINGS = Stage(name="routing", queue="default", ready=_openings, take=intake.route_opening)
CLOSINGS = Stage(name="closings", queue="default", ready=_closings, take=intake.route_closing)
WAKINGS = Stage(name="wakings", queue="default", ready=_wakings, take=waking.route_waking)
NOTICES = Stage(name="notices", queue="default", ready=_due, take=services.let_go)
DIGESTS = Stage(name="digests", queue="default", ready=queries.digests_due, take=digests.send_digest)
