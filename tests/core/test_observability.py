"""What reaches the logs of an error: its class and place, never a word of it."""

import logging

import pytest
from django.test import Client
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from upstream.core.observability import WordsOnlyFilter

SECRET = "Jane Roe 1970-01-01"


def line_of(message: str, *args: object) -> str:
    """The text that the filter leaves of an error's line."""
    try:
        raise ValueError(SECRET)
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
    record = logging.LogRecord("celery.app.trace", logging.ERROR, __file__, 1, message, args, info)
    assert WordsOnlyFilter().filter(record)
    return record.getMessage()


def test_a_failed_task_is_told_by_its_name_and_the_class_of_its_error():
    words = {
        "hostname": "w1", "id": "7f", "name": "upstream.take", "exc": f"ValueError('{SECRET}')", "traceback": SECRET,
        "args": f"['{SECRET}']", "kwargs": f"{{'who': '{SECRET}'}}", "description": "raised unexpected",
    }  # fmt: skip
    assert line_of("Task %(name)s[%(id)s] %(description)s: %(exc)s", words) == (
        "Task upstream.take[7f] raised unexpected: ValueError"
    )
    assert SECRET not in line_of("%(traceback)s %(args)s %(kwargs)s", words)


@pytest.mark.parametrize(
    ("message", "args", "told"),
    [
        ("row %d of %s", (7, SECRET), "row 7 of …"),
        ("%s", (ValueError(SECRET),), "…"),
        (f"it failed: {SECRET}", (), "it failed: …"),
    ],
)
def test_of_any_logger_only_numbers_and_its_own_words_are_told(message, args, told):
    assert line_of(message, *args) == told


@pytest.mark.parametrize(("given", "kept"), [("a1b2-c3d4", True), ("short", False), (f"{SECRET} {'x' * 80}", False)])
def test_a_request_is_told_without_anything_its_caller_chose(db, given, kept):
    headers = {"X-Request-ID": given, "User-Agent": SECRET, "X-Forwarded-For": "203.0.113.9"}
    with capture_logs(processors=[merge_contextvars]) as lines:
        Client(headers=headers).get("/livez")
    assert {"request_started", "request_finished"} <= {line["event"] for line in lines}
    assert SECRET not in str(lines)
    assert not any("203.0.113.9" in str(line) or "user_agent" in line for line in lines)
    assert all((line["request_id"] == given) is kept for line in lines)
