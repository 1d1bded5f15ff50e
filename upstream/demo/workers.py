"""Celery workers and the web server as child processes of the demo."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

CELERY = (sys.executable, "-m", "celery", "-A", "upstream", "--quiet")


@contextmanager
def workers() -> Iterator[Callable[[], bool]]:
    """A worker with two processes and the beat, stopped again afterwards; the answer is whether both still live."""
    children = [
        _start("worker", "--concurrency", "2", "--loglevel", "WARNING"),
        _start("beat", "--loglevel", "WARNING", "--pidfile", ""),
    ]
    try:
        yield lambda: all(child.poll() is None for child in children)
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(timeout=90)


def _start(*command: str) -> subprocess.Popen[bytes]:
    """A Celery process whose log stands in var/dev."""
    folder = Path(settings.VAR_DIR) / "dev"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{command[0]}.log").open("ab") as log:
        return subprocess.Popen([*CELERY, *command], stdout=log, stderr=log)


def serve(address: str) -> None:
    """The portal, until interrupted."""
    config = Path(__file__).resolve().parents[1] / "gunicorn.conf.py"
    command = [sys.executable, "-m", "gunicorn", "upstream.wsgi", "--bind", address, "--config", str(config)]
    server = subprocess.Popen(command)
    try:
        server.wait()
    finally:
        server.terminate()
        server.wait(timeout=60)


def wait_until(done: Callable[[], bool], *, seconds: float, told: Callable[[], None]) -> bool:
    """Ask every half second whether it is done; False when the time is over."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            return False
        told()
        time.sleep(0.5)
    return True
