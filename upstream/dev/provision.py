"""The two roles and the databases of Upstream on one PostgreSQL server, 15 or newer.

`upstream_owner` owns the schema and runs migrations. `upstream_app` serves: it owns nothing, so row-level security
binds it. `upstream_unwalled` exists only so that tests can show what the other layer of the tenant wall holds alone.
"""

from pathlib import Path

import psycopg
from psycopg import sql

from upstream.dev.folder import DevError
from upstream.dev.keys import Keys
from upstream.dev.names import APP, DATABASE, OWNER, TEMPLATE, UNWALLED, role_urls, with_database, with_role

ROLES = {
    OWNER: "NOSUPERUSER NOBYPASSRLS NOCREATEROLE CREATEDB",
    APP: "NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB",
}

# The same statements that make a production database.
PRIVILEGES = Path(__file__).resolve().parents[2] / "docker" / "postgres" / "privileges.sql"

Connection = psycopg.Connection[tuple[object, ...]]


def provision(admin_url: str, keys: Keys) -> dict[str, str]:
    """The environment that names the databases; roles and databases exist. Safe to repeat.

    `admin_url` must belong to a superuser, or to a role with CREATEROLE and CREATEDB. DevError says what is missing.
    """
    passwords = {OWNER: keys.owner_password, APP: keys.app_password}
    urls = role_urls(admin_url, keys)
    with _connect(admin_url, "DATABASE_URL") as admin:
        _require_rights(admin)
        _refuse_powerful_roles(admin)
        for role, password in passwords.items():
            _ensure_role(admin, role, ROLES[role], password)
        if not _ensure_unwalled(admin, keys.unwalled_password):
            del urls["DATABASE_UNWALLED_URL"]
    for database in (DATABASE, TEMPLATE):
        _ensure_database(with_role(admin_url, OWNER, keys.owner_password), database)
    return urls


def usable(urls: dict[str, str]) -> dict[str, str]:
    """Those of the URLs that log in."""
    return {name: url for name, url in urls.items() if _logs_in(url)}


def _logs_in(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _connect(url: str, name: str) -> Connection:
    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=10)
    except psycopg.Error as exc:
        raise DevError(f"{name}: cannot connect: {exc}") from exc


def _require_rights(admin: Connection) -> None:
    row = admin.execute(
        "SELECT rolsuper OR (rolcreaterole AND rolcreatedb), current_setting('server_version_num')::int"
        " FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    if row is None or not row[0]:
        raise DevError(
            "DATABASE_URL names a role that may not create roles and databases. Either give it both rights"
            " (ALTER ROLE ... CREATEROLE CREATEDB), or create the roles yourself and set DATABASE_URL to the"
            " application's role and DATABASE_OWNER_URL to the role that owns the schema."
        )
    if int(str(row[1])) < 150000:
        raise DevError("Upstream needs PostgreSQL 15 or newer")


def _refuse_powerful_roles(admin: Connection) -> None:
    query = "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s) AND (rolsuper OR rolbypassrls)"
    for (role,) in admin.execute(query, [list(ROLES)]):
        fix = f"ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS, or drop it"
        raise DevError(f"Role {role} may bypass row-level security: {fix}")


def _ensure_role(admin: Connection, role: str, rights: str, password: str) -> None:
    known = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    verb = "ALTER ROLE {} LOGIN PASSWORD {}" if known else "CREATE ROLE {} LOGIN PASSWORD {} " + rights
    admin.execute(sql.SQL(verb).format(sql.Identifier(role), sql.Literal(password)))


def _ensure_unwalled(admin: Connection, password: str) -> bool:
    """Only a superuser can make a role that row-level security does not bind; without one the switch is not there."""
    row = admin.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    if row is None or not row[0]:
        return False
    _ensure_role(admin, UNWALLED, "NOSUPERUSER BYPASSRLS NOCREATEROLE NOCREATEDB", password)
    admin.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(APP), sql.Identifier(UNWALLED)))
    return True


def _ensure_database(owner_url: str, database: str) -> None:
    """The database exists, belongs to the owner's role, and hands its future tables to the application's role."""
    with _connect(owner_url, f"{OWNER} (is password login allowed in pg_hba.conf?)") as owner:
        known = owner.execute(
            "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s", [database]
        ).fetchone()
        if known is None:
            create = "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'"
            owner.execute(sql.SQL(create).format(sql.Identifier(database)))
        elif known[0] != OWNER:
            raise DevError(
                f"Database {database} belongs to {known[0]}: ALTER DATABASE {database} OWNER TO {OWNER}, or drop it"
            )
    with _connect(with_database(owner_url, database), OWNER) as owner:
        owner.execute(PRIVILEGES.read_bytes())
        if database == DATABASE:
            owner.execute(f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC")
            owner.execute(f"GRANT CONNECT, TEMPORARY ON DATABASE {DATABASE} TO {APP}")
