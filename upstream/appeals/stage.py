"""Four stages: batches draft their letters, sent letters are kept as they went out, remits answer letters, and what was
asked for is put together."""

from collections.abc import Iterable

from upstream.appeals import batches, documents, outcomes, packets, queries
from upstream.core import clock
from upstream.core.stages import Stage


def _batches() -> Iterable[int]:
    return queries.batches_due().values_list("pk", flat=True)


def _sent() -> Iterable[int]:
    return queries.sent_without_files().values_list("pk", flat=True)


def _answered() -> Iterable[int]:
    return queries.answered_since(clock.now()).values_list("pk", flat=True)


def _files() -> Iterable[int]:
    return queries.batch_files_due().values_list("pk", flat=True)


def _packets() -> Iterable[int]:
    return queries.packets_due().values_list("pk", flat=True)


LETTERS = Stage(name="letters", queue="reports", ready=_batches, take=batches.take)
SENT = Stage(name="letters_sent", queue="reports", ready=_sent, take=documents.keep_files)
ANSWERS = Stage(name="letter_answers", queue="default", ready=_answered, take=outcomes.take)
FILES = Stage(name="letter_files", queue="reports", ready=_files, take=batches.make_files)
PACKETS = Stage(name="packets", queue="reports", ready=_packets, take=packets.take)
