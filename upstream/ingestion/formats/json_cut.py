"""Cuts values out of a stream of JSON text without holding more than one of them."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

# A whole string, or a mark that opens or closes something; a quote alone opens a string that has no end yet.
TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|["{}\[\]]', re.DOTALL)
REST_OF_STRING = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
BLANKS = re.compile(rb"[\s,\x00]*")
COLON = re.compile(rb"\s*+:?\s*+")
BARE = re.compile(rb'[^\s,\[\]{}"]+')
QUOTE, BRACE, BRACKET, BRACKET_END = b'"{[]'
OPENERS, CLOSERS = frozenset(b"{["), frozenset(b"}]")
END, ARRAY, CUT, DEEP = "end", "array", "cut", "deep"
MAX_DEPTH = 500  # the reader of values gives up before; a file that goes on from there is not followed


class Piece(NamedTuple):
    """One value as it stands. `group` numbers the object whose array it came from, 0 for a value by itself.

    `fault` is cut_off where the text ended inside of it, too_long where only its beginning was kept, too_deep where it
    was given up, and all that follows with it.
    """

    raw: bytes
    group: int = 0
    fault: str = ""


class JsonCutter:
    """Cuts top-level values; instead of an object that has an array under `key`, that array's elements."""

    def __init__(self, chunks: Iterable[bytes], key: str, *, max_bytes: int, keep_bytes: int) -> None:
        self.source = iter(chunks)
        self.key = f'"{key}"'.encode()
        self.max_bytes, self.keep_bytes = max_bytes, keep_bytes
        self.text = b""
        self.at = 0  # scanned so far
        self.start = 0  # where the value in hand begins
        self.keeping = False
        self.head = b""  # the beginning of a value that is too long
        self.depth = 0
        self.in_string = False
        self.groups = 0
        self.ended = False

    def pieces(self) -> Iterator[Piece]:
        """Every value in order; an array at the top is a sequence of values."""
        while (mark := self._next()) is not None:
            if mark == BRACKET:
                self.at += 1
                yield from self._elements(0)
            elif mark == BRACE:
                yield from self._object()
            else:
                yield self._value(0)

    def _object(self) -> Iterator[Piece]:
        self._keep()
        group = 0
        while (outcome := self._scan(self.key)) == ARRAY:
            if not group:
                self.groups += 1
                group = self.groups
            self.keeping = False
            yield from self._elements(group)
            self.keeping, self.depth = False, 1
            if self.ended:
                return
        if not group:
            yield self._piece(0, outcome)
        elif outcome != END:
            self._give_up()
            yield Piece(b"", group, "cut_off" if outcome == CUT else "too_deep")

    def _elements(self, group: int) -> Iterator[Piece]:
        """The elements of the array whose opening mark has been passed, and past its end."""
        while (mark := self._next()) is not None:
            if mark == BRACKET_END:
                self.at += 1
                return
            yield self._value(group)
        if not self.ended:
            self.ended = True
            yield Piece(b"", group, "cut_off")

    def _value(self, group: int) -> Piece:
        """The value at `at`, and past its end."""
        self._keep()
        mark = self.text[self.at]
        if mark in OPENERS:
            return self._piece(group, self._scan())
        if mark == QUOTE:
            self.at += 1
            self.in_string = True
            return self._piece(group, END if self._past_string() else CUT)
        while (match := BARE.match(self.text, self.at)) and match.end() == len(self.text) and self._more():
            pass
        self.at = match.end() if match else self.at + 1
        return self._piece(group, END)

    def _piece(self, group: int, outcome: str) -> Piece:
        raw, self.keeping = self.head or self.text[self.start : self.at], False
        if outcome in (CUT, DEEP):
            raw = self.head or self.text[self.start : self.start + self.keep_bytes]
            self._give_up()
            return Piece(raw, group, "cut_off" if outcome == CUT else "too_deep")
        return Piece(raw, group, "too_long" if self.head else "")

    def _give_up(self) -> None:
        self.ended, self.source, self.text, self.at = True, iter(()), b"", 0

    def _keep(self) -> None:
        self.start, self.keeping, self.head, self.depth = self.at, True, b"", 0

    def _next(self) -> int | None:
        """The first byte of the next value, or a closing mark, with `at` on it; None at the end."""
        while True:
            match = BLANKS.match(self.text, self.at)
            self.at = match.end() if match else self.at
            if self.at < len(self.text):
                return self.text[self.at]
            if not self._more():
                return None

    def _more(self) -> bool:
        """Whether there was more text. What needs not be kept is let go."""
        chunk = next(self.source, None)
        if chunk is None:
            return False
        if self.keeping and self.at - self.start > self.max_bytes:
            self.head = self.text[self.start : self.start + self.keep_bytes]
            self.keeping = False
        kept = self.start if self.keeping else self.at
        self.text = self.text[kept:] + chunk
        self.at -= kept
        self.start = 0
        return True

    def _scan(self, key: bytes = b"") -> str:
        """On to the END of the value in hand, into an ARRAY under `key` at its first level, or to where it was CUT."""
        while True:
            if not self.in_string or self._past_string():
                outcome = self._marks(key)
                if outcome in (END, DEEP) or (outcome == ARRAY and self._opens_array()):
                    return outcome
                if outcome or self._more():
                    continue
            self.at = len(self.text)
            return CUT

    def _marks(self, key: bytes) -> str:
        """What the text in hand leads to: END, DEEP, ARRAY when the key has been passed, "" when it takes more text."""
        for match in TOKEN.finditer(self.text, self.at):
            begin, self.at = match.span()
            mark = self.text[begin]
            if mark == QUOTE:
                if self.at - begin == 1:
                    if len(self.text) - begin <= len(key):
                        self.at = begin  # it may become the key
                    else:
                        self.in_string = True
                    return ""
                if key and self.depth == 1 and match[0] == key:
                    return ARRAY
            elif mark in OPENERS:
                self.depth += 1
                if self.depth > MAX_DEPTH:
                    return DEEP
            elif mark in CLOSERS:
                self.depth -= 1
                if self.depth <= 0:
                    return END
        self.at = len(self.text)
        return ""

    def _past_string(self) -> bool:
        """Past the end of the string that `at` is in; False when the text ends first."""
        while True:
            match = REST_OF_STRING.match(self.text, self.at)
            self.at = match.end() if match else self.at
            if self.at < len(self.text) and self.text[self.at] == QUOTE:
                self.at += 1
                self.in_string = False
                return True
            if not self._more():
                return False

    def _opens_array(self) -> bool:
        """Whether an array follows the key that was just passed; if so, past its opening mark."""
        while (match := COLON.match(self.text, self.at)) and match.end() == len(self.text):
            if not self._more():
                return False
        if match is None or b":" not in match[0] or self.text[match.end()] != BRACKET:
            return False
        self.at = match.end() + 1
        return True
