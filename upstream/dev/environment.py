"""The environment that settings need, made from what is already set and from the embedded servers."""

import os
from collections.abc import Mapping

from upstream.dev.folder import Folder
from upstream.dev.keys import Keys, keys_of
from upstream.dev.names import role_urls
from upstream.dev.servers import start_postgres, start_redis

SETTINGS_MODULE = "upstream.settings.dev"


def ensure(environ: Mapping[str, str] | None = None, folder: Folder | None = None) -> dict[str, str]:
    """The variables to add to the environment; the servers that they name are up and provisioned.

    What is already set stays. DATABASE_URL together with DATABASE_OWNER_URL is used as it is; alone, it is the URL of
    an administrator, whose server gets our roles and databases. DevError says what to do when something is missing.
    """
    given = os.environ if environ is None else environ
    where = folder or Folder.default()
    added = {} if given.get("REDIS_URL") else start_redis(where)
    added |= _databases(given, where)
    keys = _keys(where)
    for name, value in (("SECRET_KEY", keys.secret_key), ("UPSTREAM_PHI_KEYS", keys.phi_keys)):
        if not _is_given(given, name):
            added[name] = value
    if not given.get("DJANGO_SETTINGS_MODULE"):
        added["DJANGO_SETTINGS_MODULE"] = SETTINGS_MODULE
    return added


def _databases(given: Mapping[str, str], folder: Folder) -> dict[str, str]:
    if given.get("DATABASE_OWNER_URL"):
        return {}
    if admin_url := given.get("DATABASE_URL"):
        return _databases_on(admin_url, folder)
    if given.get("DB_NAME"):
        return {}
    return start_postgres(folder)


def _databases_on(admin_url: str, folder: Folder) -> dict[str, str]:
    """The variables for somebody's own server, provisioned when our roles cannot log in there."""
    from upstream.dev.provision import provision, usable

    urls = usable(role_urls(admin_url, _keys(folder)))
    if {"DATABASE_URL", "DATABASE_OWNER_URL"} <= set(urls):
        return urls
    with folder.locked():
        return provision(admin_url, _keys(folder))


def _keys(folder: Folder) -> Keys:
    if folder.read("secrets"):
        return keys_of(folder)
    with folder.locked():
        return keys_of(folder)


def _is_given(given: Mapping[str, str], name: str) -> bool:
    return bool(given.get(name) or given.get(f"{name}_FILE"))
