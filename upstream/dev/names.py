"""Roles, databases and their URLs. Apart from `provision`, so that naming them costs no database driver."""

import hashlib
from urllib.parse import parse_qsl, urlencode, urlsplit

from upstream.dev.keys import Keys

OWNER, APP, UNWALLED = "upstream_owner", "upstream_app", "upstream_unwalled"
DATABASE = "upstream"
# Test databases are copies of this one, so that they carry the same default privileges.
TEMPLATE = "upstream_template"
# Raised when `provision` makes something new, so that known servers are provisioned again.
VERSION = 1


def role_urls(admin_url: str, keys: Keys) -> dict[str, str]:
    """The variables for settings, for the server that `admin_url` names."""
    return {
        "DATABASE_URL": with_role(admin_url, APP, keys.app_password, DATABASE),
        "DATABASE_OWNER_URL": with_role(admin_url, OWNER, keys.owner_password, DATABASE),
        "DATABASE_UNWALLED_URL": with_role(admin_url, UNWALLED, keys.unwalled_password, DATABASE),
    }


def with_database(url: str, database: str) -> str:
    return urlsplit(url)._replace(path=f"/{database}").geturl()


def with_role(url: str, role: str, password: str, database: str = "") -> str:
    """The same server and options, another role and (when given) database."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    options = [(name, value) for name, value in parse_qsl(parts.query) if name not in {"user", "password", "dbname"}]
    path = f"/{database}" if database else parts.path
    return parts._replace(netloc=f"{role}:{password}@{host}", path=path, query=urlencode(options)).geturl()


def fingerprint(keys: Keys) -> str:
    """Differs when the roles would be made differently, without telling their passwords."""
    secrets = f"{VERSION} {keys.owner_password} {keys.app_password} {keys.unwalled_password}"
    return hashlib.sha256(secrets.encode()).hexdigest()
