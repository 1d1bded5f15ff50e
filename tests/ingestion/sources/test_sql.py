"""Rows of real databases: MariaDB and PostgreSQL on loopback."""

from collections.abc import Iterator

import pytest

from tests.ingestion.sources import databases
from tests.ingestion.sources.conftest import Desk, tally
from tests.ingestion.sources.databases import Server
from tests.ingestion.sources.web_server import Authority
from upstream.claims.models import Claim
from upstream.core import storage
from upstream.ingestion import services as ingestion
from upstream.ingestion.models import Batch, Source
from upstream.ingestion.sources import services
from upstream.ingestion.sources.choices import Circuit
from upstream.tenants.services import tenant_keys

AUTHORITY = Authority()
QUERY = (
    "SELECT claim_id, payer, '99213' AS procedure_code, submitted_date, status, billed, changed_at"
    " FROM pms.claims WHERE changed_at > :watermark ORDER BY changed_at;"
)
TABLE = (
    "CREATE TABLE claims (claim_id varchar(20), payer varchar(40), submitted_date timestamp, status varchar(10),"
    " billed numeric(10, 2), changed_at timestamp(6))"
)


@pytest.fixture(scope="module")
def running_mariadb() -> Iterator[Server]:
    with databases.mariadb(AUTHORITY) as server:
        yield server


@pytest.fixture(params=["mysql", "postgresql"])
def server(request: pytest.FixtureRequest, desk: Desk) -> Iterator[Server]:
    if request.param == "mysql":
        running: Server = request.getfixturevalue("running_mariadb")
        running.run("DROP TABLE IF EXISTS claims", TABLE)
        yield running
    else:
        with databases.postgresql() as running:
            running.run(TABLE)
            yield running


def row(number: str, changed: str, billed: str = "120.00") -> str:
    return (
        f"INSERT INTO claims VALUES ('{number}', 'Summit \"M\" Mutual', '2026-02-27', 'pending', {billed}, '{changed}')"
    )


def add(desk: Desk, server: Server, **values: str) -> Source:
    told = {"query": QUERY, "watermark": "changed_at", "start": "2026-01-01", **server.told, **values}
    return desk.add("sql", **told)


def landed() -> list[str]:
    keys = tenant_keys()
    return [storage.read_whole("landing", batch.sha256, keys).decode() for batch in Batch.objects.order_by("pk")]


def test_rows_come_once_from_the_watermark_on(desk: Desk, server: Server) -> None:
    server.run(row("A1", "2026-02-27 10:00:00.000001"), row("A2", "2026-02-28 10:00:00.5"))
    source = add(desk, server)
    assert services.try_connection(source).works
    assert tally(desk.pull(source)) == ("succeeded", 1, 0, 0)
    assert landed() == [
        "claim_id,payer,procedure_code,submitted_date,status,billed,decided_date,denial_reason,paid\n"
        'A1,"Summit ""M"" Mutual",99213,2026-02-27,pending,120.00,,,\n'
        'A2,"Summit ""M"" Mutual",99213,2026-02-27,pending,120.00,,,\n'
    ]
    assert tally(desk.pull(source)) == ("succeeded", 0, 0, 0)
    server.run(row("A3", "2026-02-28 10:00:00.6"))
    assert tally(desk.pull(source)) == ("succeeded", 1, 0, 0)
    assert landed()[1].count("\n") == 2
    for batch in Batch.objects.all():
        ingestion.load(batch.pk)
    assert Claim.objects.count() == 3


def test_rows_whose_watermark_was_not_kept_come_again_and_double_nothing(desk: Desk, server: Server) -> None:
    server.run(row("A1", "2026-02-27 10:00:00"))
    source = add(desk, server)
    desk.pull(source)
    Source.objects.update(sealed_checkpoint=None)
    source.refresh_from_db()
    assert tally(desk.pull(source)) == ("succeeded", 0, 1, 0)


def test_many_rows_stream(desk: Desk, server: Server) -> None:
    values = ", ".join(row(f"A{number}", "2026-02-27 10:00:00").partition("VALUES ")[2] for number in range(20_000))
    server.run(f"INSERT INTO claims VALUES {values}")
    assert tally(desk.pull(add(desk, server))) == ("succeeded", 1, 0, 0)
    assert landed()[0].count("\n") == 20_001


def test_a_wrong_password_rests(desk: Desk, server: Server) -> None:
    source = add(desk, server, password="wrong")
    assert desk.pull(source).error_code == "credentials_refused"
    assert source.circuit == Circuit.OPEN


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"query": "SELECT nothing FROM nowhere"}, "bad_query"),
        ({"query": "DELETE FROM pms.claims"}, "bad_query"),
        ({"query": "SELECT 1; DELETE FROM pms.claims"}, "bad_query"),
        ({"query": "SELECT claim_id FROM pms.claims"}, "no_watermark"),
        ({"start": ""}, "no_start"),
        ({"port": "9"}, "unreachable"),
        ({"host": "10.0.0.9"}, "address_refused"),
    ],
)
def test_what_cannot_work_is_said(values: dict[str, str], code: str, desk: Desk, server: Server) -> None:
    server.run(row("A1", "2026-02-27 10:00:00"))
    assert services.try_connection(add(desk, server, **values)).code == code


def test_the_session_may_only_read(desk: Desk, server: Server) -> None:
    server.run(row("A1", "2026-02-27 10:00:00"))
    writing = {
        "mysql": "SELECT claim_id FROM pms.claims FOR UPDATE",
        "postgresql": "WITH gone AS (DELETE FROM pms.claims RETURNING claim_id) SELECT claim_id FROM gone",
    }
    source = add(desk, server, query=writing[server.kind], watermark="")
    assert not services.try_connection(source).works
    with server.owner.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM claims")
        assert cursor.fetchone() == (1,)


def test_without_encryption_no_public_server_is_reached(desk: Desk, settings) -> None:
    source = desk.add(
        "sql", database_kind="postgresql", host="93.184.216.34", database="d", user="u", password="p", tls="off",
        query="SELECT 1",
    )  # fmt: skip
    assert services.try_connection(source).code == "not_encrypted"


def test_no_row_is_no_file(desk: Desk, server: Server) -> None:
    assert tally(desk.pull(add(desk, server))) == ("succeeded", 0, 0, 0)
    assert not Batch.objects.exists()


def test_the_certificate_is_checked(desk: Desk, running_mariadb: Server) -> None:
    running_mariadb.run("DROP TABLE IF EXISTS claims", TABLE, row("A1", "2026-02-27 10:00:00"))
    assert tally(desk.pull(add(desk, running_mariadb, tls="on", ca=AUTHORITY.pem))) == ("succeeded", 1, 0, 0)
    for ca in ("", Authority().pem):
        tried = services.try_connection(add(desk, running_mariadb, tls="on", ca=ca))
        assert (tried.works, tried.code) == (False, "certificate_refused")
