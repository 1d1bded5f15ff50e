"""How the web process is run: `gunicorn -c upstream/gunicorn.conf.py upstream.wsgi`.

Threads, because answers wait on PostgreSQL; a worker is replaced now and then, so that memory cannot creep. The log
line has the path without its query string: a query may hold a search for a person.
"""

import os
import shutil
from pathlib import Path
from typing import Any

from prometheus_client import multiprocess

bind = f"0.0.0.0:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_class = "gthread"
control_socket_disable = True
max_requests = 2000
max_requests_jitter = 400
timeout = 120
graceful_timeout = 30
keepalive = 5
accesslog = "-"
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s %(M)sms"
METRICS_DIR = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")


def on_starting(_server: Any) -> None:
    """Numbers of an earlier run are nobody's."""
    if METRICS_DIR:
        shutil.rmtree(METRICS_DIR, ignore_errors=True)
        Path(METRICS_DIR).mkdir(parents=True, exist_ok=True)


def child_exit(_server: Any, worker: Any) -> None:
    """A dead worker's gauges leave; its counters stay in the sums."""
    if METRICS_DIR:
        multiprocess.mark_process_dead(worker.pid)
