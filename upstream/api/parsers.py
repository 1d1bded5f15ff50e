"""Bodies are small, flat and honest before anything looks into them."""

import json
import re
from typing import Any, NoReturn

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

MAX_DEPTH = 8
_QUOTED = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)


class FlatJSONParser(BaseParser):
    """JSON of a few levels; ParseError for deeper nesting, NaN, lone surrogates, or anything that is not JSON."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        return _read(stream.read())


class NdjsonParser(BaseParser):
    """JSON of one value a line, each under the same rules; blank lines are passed over. The answer is a list."""

    media_type = "application/x-ndjson"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        return [_read(line) for line in stream.read().split(b"\n") if line.strip()]


def _read(raw: bytes) -> Any:
    if _depth(raw) > MAX_DEPTH:
        raise ParseError("the JSON is nested too deeply", code="too_deep")
    try:
        found = json.loads(raw.decode(), parse_constant=_refuse)
        json.dumps(found, ensure_ascii=False).encode()
    except ValueError as exc:
        raise ParseError("the body is not valid JSON", code="bad_json") from exc
    return found


def _refuse(_constant: str) -> NoReturn:
    raise ValueError("not a JSON number")


def _depth(raw: bytes) -> int:
    """How deep brackets nest outside of strings."""
    deepest = depth = 0
    for byte in _QUOTED.sub(b"", raw):
        if byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest
