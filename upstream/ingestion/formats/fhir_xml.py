"""The resources of a FHIR file in XML, one by one, in the shape that their JSON would have.

XML does not tell a list of one from a single element: here one element is a value and several are a list, so whoever
reads must take both. Numbers stay text.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from upstream.core.errors import Unreadable
from upstream.ingestion.formats.fhir_items import Item
from upstream.ingestion.formats.markup import MarkupParser

MAX_ELEMENTS = 200_000  # of one resource
NARRATIVE = "div"

Node = dict[str, Any]


def items_of_xml(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Every resource of the file in order. Raises Unreadable: what MarkupParser does, and too_long."""
    resources = _Resources()
    parser = MarkupParser(resources.start, resources.end, _no_text)
    begun = False
    for chunk in chunks:
        chunk = chunk if begun else chunk.lstrip(b" \t\r\n")
        begun = begun or bool(chunk)
        parser.feed(chunk)
        yield from resources.ready
        resources.ready.clear()
    parser.close()
    yield from resources.ready


def _no_text(_: str) -> None:
    """Values are attributes in FHIR's XML; the text between elements is for people."""


class _Resources:
    """Builds values from events; finished resources wait in `ready`."""

    def __init__(self) -> None:
        self.ready: list[Item] = []
        self.open: list[tuple[str | None, Node]] = []  # the primitive value of each open element, and what it holds
        self.elements = 0  # of the resource in hand
        self.count = 0
        self.skipping = 0  # depth inside a narrative

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > MAX_ELEMENTS:
            raise Unreadable("too_long", "a resource is larger than any real one")
        if self.skipping or name == NARRATIVE:
            self.skipping += 1
            return
        node: Node = {"url": attributes["url"]} if "url" in attributes else {}
        if name[:1].isupper():
            node["resourceType"] = name
        self.open.append((attributes.get("value"), node))

    def end(self, name: str) -> None:
        if self.skipping:
            self.skipping -= 1
            return
        value, node = self.open.pop()
        if not self.open:
            if node.get("resourceType") != "Bundle":
                self._finish(node, "", bundle=0)
        elif name == "entry" and len(self.open) == 1 and self.open[0][1].get("resourceType") == "Bundle":
            self._finish(node.get("resource"), str(node.get("fullUrl", "")), bundle=1)
        elif "resourceType" in node and name == node["resourceType"]:
            self.open[-1][1].update(node)  # what stands in `resource` or `contained` is the resource itself
        else:
            _add(self.open[-1][1], name, node if value is None else value)

    def _finish(self, value: object, full_url: str, *, bundle: int) -> None:
        self.count += 1
        self.elements = 0
        raw = json.dumps(value).encode()
        self.ready.append(Item(self.count, raw, value, bundle=bundle, full_url=full_url))


def _add(node: Node, name: str, value: object) -> None:
    standing = node.get(name)
    if standing is None:
        node[name] = value
    elif isinstance(standing, list):
        standing.append(value)
    else:
        node[name] = [standing, value]
