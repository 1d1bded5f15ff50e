"""What a resource refers to: contained resources, and the other entries of its own Bundle, never anything else."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from upstream.ingestion.formats.fhir_values import Node, node_at, nodes, text_at
from upstream.ingestion.records import Notice

# The parts that are read of each kind of resource that others refer to.
KEPT = {
    "Patient": ("identifier", "name", "birthDate"),
    "Coverage": ("identifier", "subscriberId", "payor", "class", "type"),
    "Organization": ("identifier", "name"),
    "Practitioner": ("identifier",),
    "PractitionerRole": ("identifier", "practitioner"),
    "Location": ("name",),
    "Claim": ("identifier", "supportingInfo", "information", "item", "total"),
}
REFERENCES = (
    ("insurer",), ("patient",), ("provider",), ("facility",), ("claim",), ("request",), ("insurance", "coverage"),
)  # fmt: skip
MAX_KEPT = 20_000


class Neighbours:
    """The resources of the Bundle in hand that others may refer to, cut down to what is read of them."""

    def __init__(self) -> None:
        self.known: dict[str, Node] = {}

    def add(self, full_url: str, resource: Node) -> None:
        """The resource can be referred to by its URL in the Bundle and by its type and id."""
        kind = text_at(resource, "resourceType")
        if kind not in KEPT or len(self.known) >= MAX_KEPT:
            return
        kept = {name: resource[name] for name in (*KEPT[kind], "resourceType", "id") if name in resource}
        if full_url:
            self.known[full_url] = kept
        if "id" in kept:
            self.known[f"{kind}/{text_at(kept, 'id')}"] = kept

    def clear(self) -> None:
        self.known.clear()

    def find(self, resource: Node, reference: Node) -> Node:
        """What the reference names, an empty element when it is not here."""
        named = text_at(reference, "reference", width=2_000)
        if named.startswith("#"):
            return next((one for one in nodes(resource, "contained") if text_at(one, "id") == named[1:]), {})
        return self.known.get(named.partition("/_history/")[0], {}) if named else {}

    def lacks(self, resource: Node) -> bool:
        """Whether the resource refers to something that may yet come in this Bundle."""
        for path in REFERENCES:
            for reference in nodes(resource, *path):
                if "reference" not in reference or text_at(reference, "reference").startswith("#"):
                    continue
                found = self.find(resource, reference)
                if not found or any(self._unknown(found, payor) for payor in nodes(found, "payor")):
                    return True
        return False

    def _unknown(self, resource: Node, reference: Node) -> bool:
        return "reference" in reference and not self.find(resource, reference)


@dataclass
class Subject:
    """One resource being read: where it stands, what it can refer to, and what was odd about it.

    `older` is True for a resource of STU3, whose elements have other names.
    """

    resource: Node
    position: int
    neighbours: Neighbours
    older: bool = False
    notices: list[Notice] = field(default_factory=list)

    def at(self, *path: str) -> Node:
        """The element at a path, and what it refers to in its place where it is a reference to something here."""
        return self.follow(node_at(self.resource, *path))

    def follow(self, reference: Node) -> Node:
        """What the reference names, or the reference itself (which may say enough) when that is not here."""
        found = self.neighbours.find(self.resource, reference)
        return found or reference

    def each(self, *path: str) -> Iterator[Node]:
        return nodes(self.resource, *path)

    def note(self, name: str, code: str) -> None:
        self.notices.append(Notice(self.position, name, code))
