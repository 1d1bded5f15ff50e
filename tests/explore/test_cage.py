"""Attempts to get out of the cage, or to take more than one may: each ends in plain words, and nothing else happens."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from upstream.explore.asking import ROOT, Answer, Facts, Limits, NotAnswered, ask

SMALL = Limits(seconds=3, memory_mb=128, threads=1, rows=100, bytes=20_000)
ROWS = 20_000


@pytest.fixture(scope="module")
def facts() -> Iterator[dict[str, Facts]]:
    """Two files of one small table."""
    files = []
    for month in (1, 2):
        files.append(os.memfd_create("facts"))
        with duckdb.connect(":memory:") as engine:
            engine.execute(
                f"COPY (SELECT 'Summit Mutual' AS payer, range * {month} AS cents, md5(range::varchar) AS claim"
                f" FROM range({ROWS})) TO '/proc/self/fd/{files[-1]}' (FORMAT parquet, USE_TMP_FILE false)"
            )
    yield {"claims": Facts({"payer": "VARCHAR", "cents": "BIGINT", "claim": "VARCHAR"}, files)}
    for descriptor in files:
        os.close(descriptor)


@pytest.fixture
def put(facts):
    def put(sql: str, limits: Limits = SMALL) -> Answer:
        return ask(sql, [], facts, limits, strange=True)

    return put


def test_what_may_be_asked_is_answered(put):
    found = put(
        """-- by payer; with a comment
        WITH big AS (SELECT payer, cents FROM claims WHERE cents > 10)
        SELECT b.payer, count(*) FILTER (WHERE b.cents > 100) AS n, round(avg(b.cents), 1) AS mean,
            max(row_number) AS last
        FROM (SELECT *, row_number() OVER (ORDER BY cents) AS row_number FROM big) AS b
        JOIN range(1) AS one(i) ON one.i = 0 GROUP BY ALL HAVING count(*) > 1 ORDER BY n DESC LIMIT 5;"""
    )
    assert (found.rows, found.more) == ((("Summit Mutual", 39_848, 15_005.6, 39_983),), False)
    assert [name for name, _ in found.columns] == ["payer", "n", "mean", "last"]


FORBIDDEN = {
    "not_allowed": (
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_csv_auto('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_blob('/proc/self/environ')",
        "SELECT * FROM read_json_auto('/etc/os-release')",
        "SELECT * FROM read_parquet('/var/lib/upstream/facts/2/ab/abcd')",
        "SELECT * FROM parquet_scan('facts://claims/0')",
        "SELECT * FROM parquet_metadata('facts://claims/0')",
        "SELECT * FROM glob('/proc/*')",
        "SELECT * FROM sniff_csv('/etc/passwd')",
        "SELECT * FROM duckdb_settings()",
        "SELECT * FROM duckdb_secrets()",
        "SELECT * FROM duckdb_functions()",
        "SELECT * FROM which_secret('s3://bucket', 's3')",
        "SELECT * FROM query('SELECT 1')",
        "SELECT * FROM query_table('claims')",
        "SELECT * FROM json_execute_serialized_sql('{}')",
        "SELECT * FROM pragma_database_size()",
        "SELECT * FROM enable_logging()",
        "SELECT * FROM python_map_function()",
        "SELECT getenv('UPSTREAM_PHI_KEYS')",
        "SELECT current_setting('memory_limit')",
        "SELECT getvariable('x')",
        "SELECT pg_sleep(60)",
        "SELECT repeat('x', 10000000000)",
        "SELECT write_log('x')",
        "SELECT main.read_text('/etc/passwd')",
        'SELECT * FROM "read_text"(\'/etc/passwd\')',
        "SELECT/**/*/**/FROM/**/READ_TEXT/**/('/etc/passwd')",
        "SELECT claim FROM claims WHERE claim IN (SELECT content FROM read_text('/etc/passwd'))",
        "SELECT (SELECT max(content) FROM read_text('/etc/shadow'))",
        "WITH x AS (SELECT * FROM read_text('/etc/passwd')) SELECT * FROM x",
        "SELECT 1 UNION ALL SELECT size FROM read_blob('/etc/passwd')",
        "SELECT 1 ORDER BY (SELECT count(*) FROM glob('/*'))",
        "DESCRIBE claims",
        "SHOW ALL TABLES",
        "SUMMARIZE claims",
    ),
    "no_such_table": (
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM '/etc/hosts.csv'",
        "FROM 'https://example.com/x.parquet'",
        "SELECT * FROM 's3://bucket/x.parquet'",
        "SELECT * FROM 'facts://claims/0'",
        'SELECT * FROM "/proc/self/mem"',
        "SELECT * FROM information_schema.tables",
        "SELECT * FROM pg_catalog.pg_settings",
        "SELECT * FROM sqlite_master",
        "SELECT * FROM memory.main.claims",
        "SELECT * FROM engine",
        "SELECT * FROM asked",
        "SELECT * FROM claims AT (VERSION => 1)",
        "SELECT * FROM сlaims",
    ),
    "not_a_select": (
        "COPY claims TO '/tmp/out.csv'",
        "COPY (SELECT 1) TO '/dev/stdout'",
        "ATTACH '/tmp/other.db' AS other",
        "ATTACH 'host=127.0.0.1 dbname=upstream' AS pg (TYPE postgres)",
        "DETACH memory",
        "INSTALL httpfs",
        "LOAD httpfs",
        "INSTALL spatial FROM community",
        "SET memory_limit = '10GB'",
        "SET enable_external_access = true",
        "RESET lock_configuration",
        "PRAGMA version",
        "PRAGMA enable_profiling",
        "CALL duckdb_settings()",
        "CREATE TABLE x AS SELECT * FROM claims",
        "CREATE MACRO f(x) AS x",
        "CREATE SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')",
        "DROP VIEW claims",
        "EXPORT DATABASE '/tmp/all'",
        "IMPORT DATABASE '/tmp/all'",
        "INSERT INTO claims VALUES (1)",
        "UPDATE claims SET cents = 0",
        "DELETE FROM claims",
        "WITH gone AS (DELETE FROM claims RETURNING *) SELECT * FROM gone",
        "EXPLAIN ANALYZE SELECT 1",
        "PREPARE p AS SELECT 1",
        "BEGIN",
        "CHECKPOINT",
        "VACUUM",
        "USE memory",
        "PIVOT claims ON payer USING sum(cents)",
    ),
    "one_statement": (
        "", "-- nothing", "SELECT 1; SELECT 2", "SELECT 1; ATTACH '/tmp/x'", "SELECT 1;;DROP VIEW claims",
    ),
    "bad_sql": (
        "SELECT ?", "SELECT $1", "SELECT nothing FROM claims", "SELEKT 1", "SELECT 1 \x00; DROP VIEW claims",
        "SELECT (", "(" * 5000, "SELECT 1" + " " * 30_000,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("code", "sql"), [(code, sql) for code, every in FORBIDDEN.items() for sql in every])
def test_what_may_not_be_asked_is_refused(put, code, sql):
    with pytest.raises(NotAnswered) as refused:
        put(sql)
    assert refused.value.code == code
    assert len(refused.value.message) > 20


GREEDY = (
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t",
    "SELECT count(*) FROM range(100000000000) a, range(1000000) b",
    "SELECT count(*) FROM claims a, claims b, claims c WHERE a.cents + b.cents + c.cents = 7",
    "SELECT string_agg(claim, '') FROM claims, range(1000000)",
    "SELECT count(DISTINCT a.claim || b.claim) FROM claims a, claims b",
    "SELECT lpad('x', 2000000000, 'y')",
    "SELECT a.claim FROM claims a, claims b ORDER BY a.claim || b.claim DESC",
    "SELECT regexp_matches(string_agg(claim, ''), '(a|b)*c(d|e)*' ) FROM claims, range(10000)",
    "SELECT list_value(" + ", ".join(["claim"] * 1500) + ") FROM claims, range(100000) ORDER BY 1",
)


@pytest.mark.parametrize("sql", GREEDY)
def test_what_takes_too_much_is_ended(put, sql):
    """Within a second of the limit, by time or by memory; this process is as it was."""
    with pytest.raises(NotAnswered) as ended:
        put(sql)
    assert ended.value.code in {"time", "memory", "ended"}


def test_more_rows_or_bytes_than_are_told_are_left_out(put):
    by_rows, by_bytes = put("SELECT cents FROM claims"), put("SELECT claim || claim || claim FROM claims LIMIT 1000")
    assert (len(by_rows.rows), by_rows.more, by_bytes.more) == (100, True, True)
    assert len(put("SELECT string_agg(claim, '') FROM claims").rows[0][0]) == 2_000


def test_no_table_is_an_empty_table(facts):
    bare = {"claims": Facts(facts["claims"].columns, [])}
    assert ask("SELECT count(*), sum(cents) FROM claims", [], bare, SMALL, strange=True).rows == ((0, None),)


CAGED = """
import sys, types
root = types.ModuleType("upstream"); root.__path__ = [sys.argv[1]]; sys.modules["upstream"] = root
import os, socket, threading
from upstream.explore.cage import syscalls
syscalls.close()
def tried(what):
    try:
        what()
    except PermissionError:
        return
    except OSError as exc:
        if exc.errno == 1:
            return
        raise
    print("NOT REFUSED", what)
tried(lambda: open("/etc/passwd"))
tried(lambda: open("/tmp/x", "w"))
tried(lambda: os.listdir("/"))
tried(lambda: os.unlink("/tmp/x"))
tried(lambda: socket.socket())
tried(lambda: os.fork())
tried(lambda: os.execv("/bin/true", ["true"]))
tried(lambda: os.posix_spawn("/bin/true", ["true"], {}))
tried(lambda: os.kill(os.getppid(), 0))
tried(lambda: os.memfd_create("x"))
tried(lambda: os.pidfd_open(os.getppid()))
thread = threading.Thread(target=lambda: print("a thread runs"))
thread.start(); thread.join()
"""


def test_the_kernel_refuses_what_a_caged_process_asks():
    """Whatever runs in the cage: no file, no network, no program, no signal; threads still work."""
    done = subprocess.run([sys.executable, "-I", "-c", CAGED, str(ROOT)], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("a thread runs\n", "", 0)


def test_nothing_of_this_process_reaches_the_cage(put, monkeypatch, tmp_path: Path):
    """Its environment is empty and the engine sees no file: also SQL that nobody judged finds none."""
    monkeypatch.setenv("SECRET_KEY", "secret")
    (tmp_path / "other.csv").write_text("a\n1\n")
    for sql in (
        f"SELECT * FROM read_csv('{tmp_path}/other.csv')", "SELECT * FROM read_text('/proc/self/environ')",
        "ATTACH '/tmp/x.db'", "SET threads = 9", "INSTALL httpfs", "COPY (SELECT 1) TO '/tmp/x.csv'",
    ):  # fmt: skip
        with pytest.raises(NotAnswered) as refused:
            ask(sql, [], {"claims": Facts({"a": "BIGINT"}, [])}, SMALL, strange=False)
        assert refused.value.code in {"not_allowed", "failed"}
