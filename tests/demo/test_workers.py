"""The demo does not wait for a worker that is gone."""

import os
import signal
import threading
from pathlib import Path

from upstream.demo.workers import wait_until, workers


def children() -> set[int]:
    task = f"/proc/{os.getpid()}/task/{threading.get_native_id()}"
    return {int(pid) for pid in Path(task, "children").read_text().split()}


def test_a_killed_worker_is_noticed_and_all_are_stopped_at_the_end():
    before = children()
    with workers() as alive:
        started = children() - before
        assert alive()
        os.kill(min(started), signal.SIGKILL)
        assert wait_until(lambda: not alive(), seconds=10, told=lambda: None)
    assert children() == before
    assert len(started) == 2
