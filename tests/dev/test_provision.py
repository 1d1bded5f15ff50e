"""Two roles: the one that serves can neither change the schema nor step over row-level security."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.dev.conftest import ask
from upstream.dev.environment import ensure
from upstream.dev.folder import DevError, Folder
from upstream.dev.keys import keys_of
from upstream.dev.names import TEMPLATE, with_database, with_role
from upstream.dev.postgres import Postgres


@pytest.fixture
def table(environment: dict[str, str]) -> Iterator[str]:
    ask(environment["DATABASE_OWNER_URL"], "CREATE TABLE fact (id bigint GENERATED ALWAYS AS IDENTITY, cents bigint)")
    yield "fact"
    ask(environment["DATABASE_OWNER_URL"], "DROP TABLE fact")


@pytest.fixture
def foreign_admin_url(folder: Folder) -> str:
    """The superuser's URL on a server that has never heard of us."""
    with folder.locked():
        Postgres(folder).start(keys_of(folder).superuser_password)
    return Postgres(folder).url("postgres", keys_of(folder).superuser_password, "postgres")


def rights(url: str, role: str) -> list[tuple[object, ...]]:
    return ask(url, f"SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = '{role}'")


def test_neither_role_may_bypass_the_wall(environment: dict[str, str]) -> None:
    url = environment["DATABASE_URL"]
    assert rights(url, "upstream_app") == [(False, False, False, False)]
    assert rights(url, "upstream_owner") == [(False, False, True, False)]


def test_the_application_uses_what_the_owner_makes(environment: dict[str, str], table: str) -> None:
    url = environment["DATABASE_URL"]
    ask(url, f"INSERT INTO {table} (cents) VALUES (100)")
    ask(url, f"UPDATE {table} SET cents = 250")
    assert ask(url, f"SELECT cents FROM {table}") == [(250,)]
    ask(url, f"DELETE FROM {table}")
    assert ask(url, "SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = 'upstream_app'") == [(0,)]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE public.mine ()",
        "DROP TABLE {table}",
        "TRUNCATE {table}",
        "ALTER TABLE {table} ADD COLUMN more int",
    ],
)
def test_the_application_cannot_change_the_schema(environment: dict[str, str], table: str, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(environment["DATABASE_URL"], statement.format(table=table))


def test_the_application_may_stage_rows_in_temporary_tables(environment: dict[str, str]) -> None:
    assert ask(environment["DATABASE_URL"], "CREATE TEMPORARY TABLE staging (line text)") == []


def test_a_test_database_is_a_copy_with_the_same_privileges(environment: dict[str, str]) -> None:
    owner = environment["DATABASE_OWNER_URL"]
    ask(owner, f"CREATE DATABASE copy TEMPLATE {TEMPLATE}")
    ask(with_database(owner, "copy"), "CREATE TABLE fact (cents bigint)")
    assert ask(with_database(environment["DATABASE_URL"], "copy"), "SELECT * FROM fact") == []
    ask(owner, "DROP DATABASE copy WITH (FORCE)")


def test_only_the_unwalled_role_steps_over_row_level_security(environment: dict[str, str], table: str) -> None:
    owner = environment["DATABASE_OWNER_URL"]
    ask(owner, f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    ask(environment["DATABASE_UNWALLED_URL"], f"INSERT INTO {table} (cents) VALUES (1)")
    counts = {
        name: ask(url, f"SELECT count(*) FROM {table}") for name, url in environment.items() if "DATABASE" in name
    }
    assert counts == {"DATABASE_URL": [(0,)], "DATABASE_OWNER_URL": [(0,)], "DATABASE_UNWALLED_URL": [(1,)]}


def test_an_administrators_url_gets_the_same_roles(admin_url: str, shared_folder: Folder) -> None:
    given = {"DATABASE_URL": admin_url, "REDIS_URL": "redis://elsewhere/0"}
    environment = ensure(given, shared_folder)
    assert ask(environment["DATABASE_URL"], "SELECT current_user, current_database()") == [("upstream_app", "upstream")]
    assert "REDIS_URL" not in environment


def test_another_checkout_on_the_same_server_sets_its_own_passwords(
    admin_url: str, folder: Folder, shared_folder: Folder
) -> None:
    given = {"DATABASE_URL": admin_url, "REDIS_URL": "redis://elsewhere/0"}
    theirs = ensure(given, folder)
    assert ask(theirs["DATABASE_OWNER_URL"], "SELECT current_user") == [("upstream_owner",)]
    ours = ensure(given, shared_folder)
    assert ask(ours["DATABASE_OWNER_URL"], "SELECT current_user") == [("upstream_owner",)]


def test_an_administrator_without_superuser_rights_will_do(foreign_admin_url: str, folder: Folder) -> None:
    ask(foreign_admin_url, "CREATE ROLE clerk LOGIN PASSWORD 'clerk' CREATEROLE CREATEDB")
    given = {"DATABASE_URL": with_role(foreign_admin_url, "clerk", "clerk"), "REDIS_URL": "redis://elsewhere/0"}
    environment = ensure(given, folder)
    assert ask(environment["DATABASE_OWNER_URL"], "SELECT current_user") == [("upstream_owner",)]
    assert "DATABASE_UNWALLED_URL" not in environment
    assert ensure(given, folder) == environment


def test_a_role_without_the_rights_is_told_what_to_do(admin_url: str, folder: Folder) -> None:
    ask(admin_url, "CREATE ROLE visitor LOGIN PASSWORD 'visitor'")
    with pytest.raises(DevError, match="CREATEROLE CREATEDB"):
        ensure({"DATABASE_URL": with_role(admin_url, "visitor", "visitor"), "REDIS_URL": "redis://elsewhere/0"}, folder)
    ask(admin_url, "DROP ROLE visitor")


def test_a_serving_role_that_bypasses_the_wall_is_refused(admin_url: str, folder: Folder) -> None:
    ask(admin_url, "ALTER ROLE upstream_app BYPASSRLS")
    with pytest.raises(DevError, match="upstream_app may bypass"):
        ensure({"DATABASE_URL": admin_url, "REDIS_URL": "redis://elsewhere/0"}, folder)
    ask(admin_url, "ALTER ROLE upstream_app NOBYPASSRLS")


def test_a_server_that_is_not_there_is_named(folder: Folder) -> None:
    with pytest.raises(DevError, match="DATABASE_URL: cannot connect"):
        ensure({"DATABASE_URL": "postgres://a:b@127.0.0.1:1/c", "REDIS_URL": "redis://elsewhere/0"}, folder)
