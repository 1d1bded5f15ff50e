"""FHIR claims in JSON, NDJSON or XML: explanations of benefit, claim responses, claims, prior authorizations.

R4, and STU3 where it means the same. Plain values are read; what a resource lacks is left blank, and only what is
used is judged (profiles refuse genuine files of large payers). References are followed inside their Bundle only.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import chain

from upstream.core.errors import Unreadable
from upstream.ingestion.formats.encoding import decoded
from upstream.ingestion.formats.fhir_authorizations import authorizations_of
from upstream.ingestion.formats.fhir_claims import answer_of, claim_of
from upstream.ingestion.formats.fhir_items import MAX_RAW_BYTES, Item, expanded, items_of_json
from upstream.ingestion.formats.fhir_neighbours import KEPT, Neighbours, Subject
from upstream.ingestion.formats.fhir_values import Node, nodes, text_at
from upstream.ingestion.formats.fhir_xml import items_of_xml
from upstream.ingestion.records import Notice, Record, RejectedRow

HEAD_BYTES = 4096
MAX_HELD_BYTES = 8 << 20  # of JSON that waits for what it refers to
SMALLEST_ITEM = 4096
MAX_FAULTS = 10_000
ANSWERS = frozenset({"ExplanationOfBenefit", "ClaimResponse"})
OURS = ANSWERS | {"Claim"}
USES = frozenset({"claim", "preauthorization", "predetermination"})
OLDER_NAMES = frozenset({"information", "totalCost", "totalBenefit", "organization", "employmentImpacted"})
SKIPPED = frozenset({"draft"})


def read(chunks: Iterable[bytes]) -> Iterator[Record]:
    """Claims, statuses, authorizations, RejectedRows and Notices of a FHIR file, in memory bounded by one resource.

    A record's position is its line in NDJSON, else the number of its resource in the file. Codes of rejected rows:
    bad_json, too_deep, too_long, cut_off, not_a_resource, missing_value, too_many_lines, unsupported_version.
    Notices: operation_outcome, other_resource, older_version, draft, predetermination, authorization_request,
    no_amounts, bad_amount, implicit_reversal. Raises Unreadable for XML that cannot be read, as `items_of_xml` does,
    and no_resources.
    """
    source = iter(chunks)
    head = b""
    for chunk in source:
        head += chunk
        if len(head) >= HEAD_BYTES:
            break
    markup = decoded(head).lstrip("\0\r\n\t \ufeff").startswith("<")
    items = (items_of_xml if markup else items_of_json)(chain([head], source))
    reader = _Reader()
    for item in items:
        for one in expanded(item):
            yield from reader.take(one)
    yield from reader.release()


class _Reader:
    """Reads resource after resource; holds those of a Bundle that refer to entries which have not come yet."""

    def __init__(self) -> None:
        self.neighbours = Neighbours()
        self.bundle = 0
        self.held: list[Item] = []
        self.held_bytes = 0
        self.items = self.faults = 0

    def take(self, item: Item) -> Iterator[Record]:
        """The records that can be told now. Unreadable("no_resources") when most of a long file is no resource."""
        self.items += 1
        if self.faults > MAX_FAULTS and self.faults * 2 > self.items:
            raise Unreadable(
                "no_resources", f"more than {MAX_FAULTS:,} parts of this file, most of it, are no resources"
            )
        if item.bundle != self.bundle:
            yield from self.release()
            self.neighbours.clear()
            self.bundle = item.bundle
        resource = _unwrapped(item.value)
        if item.fault:
            self.faults += 1
            yield RejectedRow(item.position, item.place + "resource", item.fault, _on_one_line(item.raw))
        elif resource is None and item.bundle:
            yield Notice(item.position, "entry", "other_resource")  # a response or a search outcome without a resource
        elif not isinstance(resource, dict) or not text_at(resource, "resourceType"):
            self.faults += 1
            yield _rejected(item, "resourceType", "not_a_resource")
        else:
            yield from self._resource(item._replace(value=resource), resource)

    def release(self) -> Iterator[Record]:
        """What was held, with what the Bundle has told since."""
        held, self.held, self.held_bytes = self.held, [], 0
        for item in held:
            yield from self._records(item)

    def _resource(self, item: Item, resource: Node) -> Iterator[Record]:
        kind = text_at(resource, "resourceType")
        if item.bundle:
            self.neighbours.add(item.full_url, resource)
        if kind in OURS:
            if not item.bundle or not self.neighbours.lacks(resource):
                yield from self._records(item)
                return
            self.held.append(item)
            self.held_bytes += max(len(item.raw), SMALLEST_ITEM)
            if self.held_bytes > MAX_HELD_BYTES:
                yield from self.release()
        elif kind == "OperationOutcome":
            yield Notice(item.position, "resourceType", "operation_outcome")
        elif not item.bundle or kind not in KEPT:
            yield Notice(item.position, "resourceType", "other_resource")

    def _records(self, item: Item) -> Iterator[Record]:
        resource: Node = item.value
        subject = Subject(resource, item.position, self.neighbours, older=_is_older(resource))
        if subject.older:
            subject.note("resourceType", "older_version")
        try:
            records = list(_read(subject))
        except Unreadable as exc:
            yield _rejected(item, exc.field, exc.code)
            return
        yield from subject.notices
        yield from records


def _read(subject: Subject) -> Iterator[Record]:
    resource = subject.resource
    kind, use = text_at(resource, "resourceType"), text_at(resource, "use")
    if text_at(resource, "status") in SKIPPED:
        subject.note("status", "draft")
    elif use == "predetermination":
        subject.note("use", "predetermination")
    elif use == "preauthorization" and kind == "Claim":
        subject.note("use", "authorization_request")
    elif use == "preauthorization":
        yield from authorizations_of(subject)
    elif kind == "Claim":
        yield claim_of(subject)
    else:
        yield answer_of(subject)


def _is_older(resource: Node) -> bool:
    """Whether this is a resource of STU3: it has that version's names, or lacks a use that later ones know."""
    if text_at(resource, "use") in USES:
        return False
    if OLDER_NAMES & resource.keys() or isinstance(resource.get("outcome"), dict):
        return True
    return any("service" in item for item in nodes(resource, "item"))


def _unwrapped(value: object) -> object:
    """The resource of a Bundle's entry that stands alone, as one that was set aside does when it is read again."""
    if isinstance(value, dict) and "resourceType" not in value and isinstance(value.get("resource"), dict):
        return value["resource"]
    return value


def _rejected(item: Item, name: str, code: str) -> RejectedRow:
    raw = item.raw or json.dumps(item.value, default=str).encode()
    return RejectedRow(item.position, item.place + name, code, _on_one_line(raw[:MAX_RAW_BYTES]))


def _on_one_line(raw: bytes) -> bytes:
    """The same JSON, so that several can stand under one another."""
    return raw.replace(b"\r", b" ").replace(b"\n", b" ")
