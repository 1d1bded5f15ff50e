"""Starting, stopping and looking at the embedded servers. They keep running between commands."""

import shutil

from upstream.dev.folder import Folder
from upstream.dev.keys import Keys, keys_of
from upstream.dev.names import fingerprint, role_urls
from upstream.dev.postgres import Postgres
from upstream.dev.redis_server import Redis


def start_postgres(folder: Folder) -> dict[str, str]:
    """The variables that name the databases; the server is up and provisioned."""
    postgres = Postgres(folder)
    if folder.read("secrets") and postgres.is_up() and _is_provisioned(postgres, keys_of(folder)):
        return _postgres_urls(postgres, keys_of(folder))
    with folder.locked():
        keys = keys_of(folder)
        postgres.start(keys.superuser_password)
        if not _is_provisioned(postgres, keys):
            _provision(postgres, keys)
        return _postgres_urls(postgres, keys)


def start_redis(folder: Folder) -> dict[str, str]:
    """The variable that names Redis; the server is up."""
    redis = Redis(folder)
    if not folder.read("secrets") or not redis.is_up(keys_of(folder).redis_password):
        with folder.locked():
            redis.start(keys_of(folder).redis_password)
    return {"REDIS_URL": redis.url(keys_of(folder).redis_password)}


def stop(folder: Folder) -> None:
    """Both servers are down; their data stays."""
    with folder.locked():
        Postgres(folder).stop()
        Redis(folder).stop(keys_of(folder).redis_password)


def destroy(folder: Folder) -> None:
    """Both servers are down and nothing of theirs is left."""
    with folder.locked():
        Postgres(folder).destroy()
        Redis(folder).destroy(keys_of(folder).redis_password)
        shutil.rmtree(folder.root)


def status(folder: Folder) -> dict[str, bool]:
    if not folder.read("secrets"):
        return {"postgres": False, "redis": False}
    return {"postgres": Postgres(folder).is_up(), "redis": Redis(folder).is_up(keys_of(folder).redis_password)}


def _postgres_urls(postgres: Postgres, keys: Keys) -> dict[str, str]:
    return role_urls(_admin_url(postgres, keys), keys)


def _admin_url(postgres: Postgres, keys: Keys) -> str:
    return postgres.url("postgres", keys.superuser_password, "postgres")


def _is_provisioned(postgres: Postgres, keys: Keys) -> bool:
    """True when this data folder, not only this checkout, has had the roles made with these passwords."""
    marker = postgres.cluster.home / "provisioned"
    return marker.exists() and marker.read_text() == fingerprint(keys)


def _provision(postgres: Postgres, keys: Keys) -> None:
    # Imported here because the driver takes longer than everything else a command does when the servers are up.
    from upstream.dev.provision import provision

    provision(_admin_url(postgres, keys), keys)
    (postgres.cluster.home / "provisioned").write_text(fingerprint(keys))
