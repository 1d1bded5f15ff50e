"""The file of an upload as it comes over the wire: pulled, never laid down in the clear.

Django's upload handlers are pushed, and would put the file, which may name patients, into a temporary file first.
"""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.http.multipartparser import ChunkIter, LazyStream, MultiPartParser, MultiPartParserError, Parser
from django.utils.http import parse_header_parameters

from upstream.core.errors import DomainError, Invalid

CHUNK = 64 * 1024
NAMELESS = "upload"


class LengthRequired(DomainError):
    """The sender did not say how long the body is, so its end could not be told from a broken line."""

    status = 411


class WholeBody:
    """The request's body; Invalid("body_cut") when it ends before the length that its header promised."""

    chunk_size = CHUNK

    def __init__(self, request: HttpRequest) -> None:
        if not request.META.get("CONTENT_LENGTH"):
            raise LengthRequired("length_required", "send a Content-Length")
        self._request = request
        self._left = int(request.META["CONTENT_LENGTH"])

    def read(self, size: int = CHUNK) -> bytes:
        piece: bytes = self._request.read(min(size, self._left))
        self._left -= len(piece)
        if not piece and self._left:
            raise Invalid("body_cut", "the body ended before its Content-Length")
        return piece


def file_of(request: HttpRequest) -> tuple[str, Iterator[bytes]]:
    """The file's own name and its bytes: the raw body, or the one part "file" of a multipart form.

    Invalid for a form that holds anything else, LengthRequired without a Content-Length; while the bytes are read,
    Invalid("body_cut") or Invalid("one_file").
    """
    body = WholeBody(request)
    if request.META.get("CONTENT_TYPE", "").startswith("multipart/"):
        return _file_of_form(request, body)
    disposition = parse_header_parameters(request.headers.get("Content-Disposition", ""))[1]
    return _tidy(disposition.get("filename", "")), iter(lambda: body.read(), b"")


def _file_of_form(request: HttpRequest, body: WholeBody) -> tuple[str, Iterator[bytes]]:
    parts = _parts(request, body)
    found = next(parts, None)
    if found is None:
        raise Invalid("no_file", 'the form holds no part "file"')
    return found[0], _only(found[1], parts)


def _only(piece: Iterator[bytes], rest: Iterator[Any]) -> Iterator[bytes]:
    yield from piece
    if next(rest, None) is not None:
        raise Invalid("one_file", "the form holds more than one file")


def _parts(request: HttpRequest, body: WholeBody) -> Iterator[tuple[str, Iterator[bytes]]]:
    try:
        boundary = MultiPartParser(request.META, body, [body])._boundary  # type: ignore[attr-defined,arg-type]
        for kind, headers, stream in Parser(LazyStream(ChunkIter(body, CHUNK)), boundary):  # type: ignore[arg-type]
            if kind == "raw":
                continue
            yield _name_of(kind, headers), stream
    except MultiPartParserError as exc:
        raise Invalid("bad_form", "the multipart form cannot be read") from exc


def _name_of(kind: str, headers: dict[str, Any]) -> str:
    parameters = headers["content-disposition"][1]
    if kind != "file" or parameters.get("name") != b"file":
        raise Invalid("unknown_field", 'the form may hold one part "file", with a file name, and nothing else')
    return _tidy(parameters["filename"].decode(errors="replace"))


def _tidy(name: str) -> str:
    """The last part of a path, without control characters, at most 200 letters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[:200] or NAMELESS
