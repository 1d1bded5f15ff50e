"""XML from strangers, as events, in bounded memory: no document types, no entities, no endless names or depths."""

from collections.abc import Callable
from typing import Any
from xml.parsers.expat import ExpatError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from upstream.core.errors import Unreadable

MAX_DEPTH = 100
MAX_TAG_BYTES = 1 << 20  # one tag with its attributes, or one comment


class MarkupParser:
    """Feeds bytes to expat and calls `start(name, attributes)`, `end(name)` and `text(data)` on what it meets.

    Names are local ones, without their namespace. Raises Unreadable: bad_xml (not well formed), forbidden_xml (a
    document type or an entity: what XML bombs are made of), xml_too_deep, xml_too_long.
    """

    def __init__(
        self,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None],
        text: Callable[[str], None],
    ) -> None:
        self._start, self._end = start, end
        self._depth = 0
        self._fed = 0
        parser: Any = DefusedXMLParser(forbid_dtd=True).parser
        parser.ordered_attributes = False
        parser.buffer_text = True
        parser.StartElementHandler = self._opened
        parser.EndElementHandler = self._closed
        parser.CharacterDataHandler = text
        self._parser = parser

    def feed(self, data: bytes) -> None:
        """What `data` completes has been told to the callbacks."""
        self._parse(data, last=False)
        self._fed += len(data)
        if self._fed - max(self._parser.CurrentByteIndex, 0) > MAX_TAG_BYTES + len(data):
            raise Unreadable("xml_too_long", "a tag is longer than any real one")

    def close(self) -> None:
        """The document has ended; Unreadable("bad_xml") when it has not."""
        self._parse(b"", last=True)

    @property
    def line(self) -> int:
        """The 1-based line that the parser is at."""
        return int(self._parser.CurrentLineNumber)

    def _parse(self, data: bytes, *, last: bool) -> None:
        try:
            self._parser.Parse(data, last)
        except ExpatError as exc:
            raise Unreadable("bad_xml", "this XML is damaged or cut off", line=exc.lineno) from None
        except DefusedXmlException:
            raise Unreadable("forbidden_xml", "this XML has a document type or entities: refused as unsafe") from None

    def _opened(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Unreadable("xml_too_deep", "this XML is nested deeper than any real one", line=self.line)
        self._start(name[name.rfind("}") + 1 :], attributes)

    def _closed(self, name: str) -> None:
        self._depth -= 1
        self._end(name[name.rfind("}") + 1 :])
