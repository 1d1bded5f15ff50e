"""Connecting to each kind of database at a judged address, encrypted, as a reader that waits for ever on nothing."""

import ssl
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import oracledb
import psycopg
import pymssql
import pymysql

from upstream.core import outbound
from upstream.core.outbound import AddressRefused, Place
from upstream.ingestion.connectors.contract import Setup

CONNECT_SECONDS, QUERY_SECONDS = 15, 600
# What the servers say of a user or password that they do not take.
REFUSED_CODES = frozenset({"28P01", "28000", "3D000", "1044", "1045", "1698", "18456", "1017", "1005"})


@dataclass(frozen=True)
class Database:
    """`dialect` is SQLAlchemy's name; `open` makes a connection of the driver."""

    dialect: str
    port: int
    open: Callable[[Place, Setup], Any]


def place_in(setup: Setup, port: int) -> Place:
    """The judged address; AddressRefused for a public one without encryption."""
    host = setup.settings["host"]
    if setup.settings.get("tls") == "off" and outbound.is_public(host, port):
        raise AddressRefused("not_encrypted", "without encryption only the operator's own networks are reached")
    return outbound.place_of(host, port)


def code_of(fault: BaseException | None) -> str:
    """The server's own number or SQLSTATE of a fault, blank when it has none. Its words may quote a value."""
    state = getattr(fault, "sqlstate", None)
    if state:
        return str(state)
    first = fault.args[0] if fault is not None and fault.args else ""
    code = getattr(first, "code", first)
    return str(code) if isinstance(code, int) else ""


def was_refused(fault: BaseException | None) -> bool:
    """Whether the server did not take the user or password. libpq tells it in words alone while it connects."""
    told = str(fault) if isinstance(fault, psycopg.OperationalError) else ""
    return code_of(fault) in REFUSED_CODES or "authentication failed" in told or 'role "' in told


def was_distrusted(fault: BaseException | None) -> bool:
    """Whether we did not trust the server's certificate: every driver says it in OpenSSL's words."""
    return "certificate verify failed" in str(fault).lower().replace("_", " ")


def _context(setup: Setup) -> ssl.SSLContext:
    return ssl.create_default_context(cadata=setup.settings.get("ca") or None)


def _postgresql(place: Place, setup: Setup) -> Any:
    told: dict[str, Any] = {
        "host": place.host, "hostaddr": place.address, "port": place.port, "dbname": setup.settings["database"],
        "user": setup.settings["user"], "password": setup.secrets.get("password", ""),
        "connect_timeout": CONNECT_SECONDS, "application_name": "upstream",
        "options": f"-c default_transaction_read_only=on -c statement_timeout={QUERY_SECONDS}s",
    }  # fmt: skip
    if setup.settings.get("tls") == "off":
        return psycopg.connect(**told, sslmode="disable")
    if not setup.settings.get("ca"):
        return psycopg.connect(**told, sslmode="verify-full", sslrootcert="system")
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(setup.settings["ca"])
        file.flush()
        return psycopg.connect(**told, sslmode="verify-full", sslrootcert=file.name)


def _mysql(place: Place, setup: Setup) -> Any:
    link = outbound.connect(place.host, place.port, CONNECT_SECONDS)
    made = pymysql.connect(
        host=place.host, port=place.port, user=setup.settings["user"], password=setup.secrets.get("password", ""),
        database=setup.settings["database"], charset="utf8mb4", local_infile=False, defer_connect=True,
        connect_timeout=CONNECT_SECONDS, read_timeout=QUERY_SECONDS, write_timeout=CONNECT_SECONDS,
        init_command="SET SESSION TRANSACTION READ ONLY",
        ssl=None if setup.settings.get("tls") == "off" else _context(setup),
        ssl_disabled=setup.settings.get("tls") == "off",
    )  # fmt: skip
    try:
        made.connect(link)
    except BaseException:
        link.close()
        raise
    return made


def _sql_server(place: Place, setup: Setup) -> Any:
    return pymssql.connect(
        server=place.address, port=str(place.port), user=setup.settings["user"],
        password=setup.secrets.get("password", ""), database=setup.settings["database"],
        login_timeout=CONNECT_SECONDS, timeout=QUERY_SECONDS, appname="upstream", read_only=True,
        encryption="off" if setup.settings.get("tls") == "off" else "require",
    )  # fmt: skip


def _oracle(place: Place, setup: Setup) -> Any:
    plain = setup.settings.get("tls") == "off"
    made = oracledb.connect(
        host=place.address, port=place.port, service_name=setup.settings["database"], user=setup.settings["user"],
        password=setup.secrets.get("password", ""), protocol="tcp" if plain else "tcps",
        ssl_context=None if plain else _context(setup), ssl_server_dn_match=False,
        tcp_connect_timeout=CONNECT_SECONDS,
    )  # fmt: skip
    made.call_timeout = QUERY_SECONDS * 1000
    with made.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
    return made


DATABASES: Mapping[str, Database] = {
    "postgresql": Database("postgresql+psycopg", 5432, _postgresql),
    "mysql": Database("mysql+pymysql", 3306, _mysql),
    "sqlserver": Database("mssql+pymssql", 1433, _sql_server),
    "oracle": Database("oracle+oracledb", 1521, _oracle),
}
