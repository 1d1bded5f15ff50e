"""Logs and error reports that carry ids and codes, never values."""

import logging
from collections.abc import Mapping
from typing import Any

import structlog

_request_id = structlog.contextvars.get_contextvars


def request_id() -> str | None:
    """The id of the request or task at work, for the audit trail."""
    value = _request_id().get("request_id")
    return str(value) if value else None


def without_exception_text(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Replace an exception by its class and the lines it passed: its text may quote a value."""
    info = event.pop("exc_info", None)
    if info is True or isinstance(info, BaseException | tuple):
        error = _error_of(info)
        if error is not None:
            event["error"] = type(error).__name__
            event["code"] = getattr(error, "code", "")
            event["trace"] = _lines_of(error)
    return event


def _error_of(info: Any) -> BaseException | None:
    if isinstance(info, BaseException):
        return info
    if isinstance(info, tuple):
        return info[1] if isinstance(info[1], BaseException) else None
    import sys

    return sys.exc_info()[1]


def _lines_of(error: BaseException) -> list[str]:
    lines, step = [], error.__traceback__
    while step is not None:
        lines.append(f"{step.tb_frame.f_code.co_filename}:{step.tb_lineno}:{step.tb_frame.f_code.co_name}")
        step = step.tb_next
    return lines[-12:]


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    without_exception_text,
]


def configure_structlog() -> None:
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


HIDDEN = "…"
# What Celery says of a failed task, but for its exception, traceback and arguments.
TASK_WORDS = {"name", "id", "hostname", "description"}


class WordsOnlyFilter(logging.Filter):
    """Leaves of an error's line what the code wrote: no word of the exception, and no text filled in."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info:
            error = _error_of(record.exc_info)
            if isinstance(record.args, Mapping):
                record.args = {key: _task_word(key, value, error) for key, value in record.args.items()}
            elif record.args:
                record.args = tuple(_number_of(arg) for arg in record.args)
            if isinstance(record.msg, str) and error is not None and str(error):
                record.msg = record.msg.replace(str(error), HIDDEN)
        return True


def _task_word(key: str, value: object, error: BaseException | None) -> object:
    if key == "exc":
        return type(error).__name__
    return value if key in TASK_WORDS else _number_of(value)


def _number_of(value: object) -> object:
    return value if isinstance(value, int | float) else HIDDEN


def logging_config(level: str) -> dict[str, Any]:
    """One JSON line an event, to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"words_only": {"()": WordsOnlyFilter}},
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(),
                ],
                "foreign_pre_chain": _SHARED,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["words_only"]}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django.server": {"handlers": [], "propagate": False},
            "django.db.backends": {"level": "WARNING"},
            "axes": {"level": "WARNING"},
            "celery": {"level": "WARNING"},
            # Theirs name files and addresses of sources.
            **{name: {"level": "CRITICAL"} for name in ("paramiko", "boto3", "botocore", "s3transfer", "urllib3")},
            **{name: {"level": "CRITICAL"} for name in ("sqlalchemy", "pymysql", "oracledb", "tenacity")},
            "fontTools": {"level": "WARNING"},
            "weasyprint": {"level": "ERROR"},
        },
    }


def start_sentry(dsn: str) -> None:
    """Error reports without locals, breadcrumbs, bodies, query strings or exception text; off without a DSN."""
    if not dsn:
        return
    import sentry_sdk

    sentry_sdk.init(
        dsn=dsn,
        send_default_pii=False,
        include_local_variables=False,
        max_breadcrumbs=0,
        max_request_body_size="never",
        traces_sample_rate=0.0,
        before_send=scrub,
    )


def scrub(event: Any, _hint: Any) -> Any:
    """What Sentry may have: exception classes and stack lines; no words, no request details, no task arguments."""
    for exception in (event.get("exception") or {}).get("values", []):
        exception["value"] = ""
    event.pop("logentry", None)
    event.pop("message", None)
    event.pop("extra", None)
    event.pop("user", None)
    request = event.get("request") or {}
    event["request"] = {"method": request.get("method", "")}
    return event
