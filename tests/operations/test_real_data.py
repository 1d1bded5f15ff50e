"""With real data the product starts only where nothing is said or written in clear."""

import subprocess
import sys

import pytest

from tests.faults.commands import ROOT, environment

REDIS = "rediss://:x@redis.example.org/0?ssl_cert_reqs=required"
FIT = {
    "DJANGO_SETTINGS_MODULE": "upstream.settings.prod", "SECRET_KEY": "s" * 50, "REAL_DATA_MODE": "on",
    "PORTAL_BASE_URL": "https://upstream.example.org", "EMAIL_URL": "smtps://us:x@mail.example.org",
    "REDIS_URL": REDIS, "CACHE_URL": REDIS,
}  # fmt: skip
ANYMAIL = {"EMAIL_URL": "", "EMAIL_BACKEND": "anymail.backends.postmark.EmailBackend"}


def refusal(**changes: str) -> str:
    """The last line of what was said at the start; none when it started."""
    command = [sys.executable, "-c", "import upstream.settings.prod"]
    values = environment(**{**FIT, **changes})
    found = subprocess.run(command, cwd=ROOT, env=values, capture_output=True, text=True, check=False)
    return found.stderr.strip().splitlines()[-1] if found.returncode else ""


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"EMAIL_URL": "smtp://us:x@mail.example.org:587"},
        ANYMAIL,
        {"REDIS_URL": "redis://127.0.0.1:6379/0", "CACHE_URL": "unix:///run/redis.sock"},
    ],
    ids=["tls", "starttls", "provider", "local"],
)
def test_it_starts_where_all_is_private(db, changes):
    assert refusal(**changes) == ""


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("EMAIL_URL", ""),
        ("EMAIL_URL", "smtp://mail.example.org:25"),
        ("REDIS_URL", "redis://:x@redis.example.org/0"),
        ("REDIS_URL", "rediss://:x@redis.example.org/0"),
        ("CACHE_URL", "redis://:x@cache.example.org/0"),
    ],
)
def test_it_does_not_start_where_something_is_said_in_clear(db, name, url):
    assert f"ImproperlyConfigured: {name} must be" in refusal(**{name: url})


def test_without_real_data_it_starts_as_it_is(db):
    assert refusal(REAL_DATA_MODE="off", EMAIL_URL="", REDIS_URL="redis://redis:6379/0", CACHE_URL="") == ""
