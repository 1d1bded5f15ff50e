"""Where a value may hide, and in what disguise."""

import base64
import email
import html
import io
import json
import zipfile
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from urllib.parse import quote

import psycopg
import redis


def disguises(value: str) -> set[bytes]:
    """The value in the encodings in which software writes text, its cases, and backwards."""
    forms = {
        value,
        value.upper(),
        value.lower(),
        value[::-1],
        html.escape(value),
        quote(value),
        json.dumps(value)[1:-1],
    }
    raw = {form.encode(code) for form in forms for code in ("utf-8", "utf-16-le", "utf-16-be")}
    raw |= {digits for form in (value.encode(), value.encode("utf-16-le")) for digits in _digits(form)}
    return raw


def _digits(raw: bytes) -> Iterator[bytes]:
    """Hexadecimal, base32, and base64 at each of the three places where the value may begin."""
    yield raw.hex().encode()
    yield raw.hex().upper().encode()
    yield base64.b32encode(raw).rstrip(b"=")[:-2]
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + raw)
        yield encoded[4 if before else 0 : -4]
        yield encoded[4 if before else 0 : -4].translate(bytes.maketrans(b"+/", b"-_"))


def leaks(values: dict[str, str], places: dict[str, bytes]) -> set[tuple[str, str]]:
    """(name of the value, place) for each value that stands somewhere in any disguise."""
    wanted = {name: {value.encode(), *disguises(value)} for name, value in values.items()}
    return {
        (name, place)
        for place, content in places.items()
        for name, forms in wanted.items()
        if any(form in content for form in forms)
    }


def dump_of(url: str) -> dict[str, bytes]:
    """Every table of the database as PostgreSQL copies it out: text, and bytea in hexadecimal and as it is."""
    with psycopg.connect(url) as server:
        tables = [row[0] for row in server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        return {f"table {table}": _copied(server, table, "TEXT") + _copied(server, table, "BINARY") for table in tables}


def _copied(server: psycopg.Connection, table: str, form: str) -> bytes:
    with server.cursor().copy(f"COPY (SELECT * FROM {table}) TO STDOUT (FORMAT {form})") as rows:
        return b"".join(bytes(piece) for piece in rows)


def redis_of(url: str) -> dict[str, bytes]:
    """Every key of one Redis database with its value."""
    with redis.Redis.from_url(url) as server:
        return {
            f"redis {key!r}": key + b"\n" + (server.dump(key) or b"") + _listed(server, key)
            for key in server.scan_iter()
        }


def _listed(server: redis.Redis, key: bytes) -> bytes:
    kind = server.type(key)
    if kind == b"list":
        return b"\n".join(server.lrange(key, 0, -1))
    if kind == b"hash":
        return b"\n".join(value for pair in server.hgetall(key).items() for value in pair)
    return server.get(key) or b"" if kind == b"string" else b""


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file with its name; mail also as its decoded parts."""
    found = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = str(path.relative_to(folder))
        found[f"file {name}"] = name.encode() + b"\n" + path.read_bytes()
        if path.suffix == ".eml":
            found[f"mail {name}"] = b"\n".join(_parts(email.message_from_bytes(path.read_bytes())))
    return found


def _parts(message: Message) -> Iterator[bytes]:
    yield str(message["Subject"]).encode()
    for part in message.walk():
        yield part.get_payload(decode=True) or b""


def unzipped(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())
