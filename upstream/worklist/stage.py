"""Files that were read -> items of the worklist; one look of detection -> what usually comes back; clocks -> dates."""

from collections.abc import Iterable

from upstream.core.stages import Stage
from upstream.ingestion.queries import more_to_come
from upstream.worklist import intake, upkeep


def ready() -> Iterable[int]:
    return [] if more_to_come() else intake.files_waiting().values_list("pk", flat=True)[:1]


STAGE = Stage(name="worklist", queue="default", ready=ready, take=intake.take_files)
LOOKS = Stage(name="worklist_looks", queue="default", ready=upkeep.looks_waiting, take=upkeep.take_look)
CLOCKS = Stage(name="worklist_clocks", queue="default", ready=upkeep.payers_waiting, take=upkeep.take_clocks)
