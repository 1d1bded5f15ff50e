"""What a chunk must ask the database before its rows can be built: ids of what is known, new ids for what is not.

Within one load no other load of the tenant runs, so an id that is free here stays free until the commit. A chunk is
answered while the one before it waits to be merged, so that its rows are built meanwhile.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from upstream.claims import staging
from upstream.claims.services import Named, named_payers
from upstream.ingestion.building import Chunk
from upstream.tenants.services import sites_by_name

NO_ID = 2**63 - 1


@dataclass
class Ids:
    """Known and newly given ids of one kind of row by its key."""

    known: dict[bytes, int]
    new: dict[bytes, int] = field(default_factory=dict)

    def of(self, key: bytes) -> int:
        return self.known.get(key) or self.new[key]

    @property
    def first_new(self) -> int:
        """Ids from this on are new: a sequence only ascends."""
        return min(self.new.values(), default=NO_ID)


@dataclass(frozen=True)
class Wanted:
    """What a chunk has to know before its rows can be built: its keys, each once and in order."""

    claims: list[bytes]
    events: list[bytes]
    patients: list[bytes]
    replaces: dict[bytes, bytes]
    payers: set[tuple[str, str]]
    locations: set[str]

    @classmethod
    def of(cls, chunk: Chunk) -> "Wanted":
        drafts = chunk.drafts
        return cls(
            claims=list(dict.fromkeys(d.number for d in drafts)),
            events=list(dict.fromkeys(d.event for d in drafts if d.event)),
            patients=list(dict.fromkeys(d.patient.key for d in drafts if d.patient)),
            replaces={d.number: d.family for d in drafts if d.family != d.number},
            payers={(d.record.payer_name, d.record.payer_id) for d in drafts},
            locations={d.record.location for d in drafts},
        )


@dataclass(frozen=True)
class Answer:
    """Ids for all keys wanted, the fingerprints of patients that stand, and families that claims move to."""

    claims: Ids
    events: Ids
    patients: Ids
    fingerprints: dict[bytes, bytes]
    moved: dict[bytes, bytes]
    payers: dict[tuple[str, str], Named]
    sites: dict[str, int]


class Registry:
    """Gives out ids for one load, a chunk ahead of the merge. Used by the thread that has the database connection.

    `source` says whose identifiers of payers the file uses.
    """

    def __init__(self, cursor: Any, source: str) -> None:
        self.cursor, self.source = cursor, source
        self.ahead: Answer | None = None

    def must_wait(self, wanted: Wanted) -> bool:
        """Whether this can be answered only after the chunk before it is merged: claims or answers in both."""
        if self.ahead is None:
            return False
        both = not self.ahead.claims.new.keys().isdisjoint(wanted.claims)
        return both or bool(wanted.replaces) or not self.ahead.events.new.keys().isdisjoint(wanted.events)

    def merged(self) -> None:
        """What was answered last stands in the database now."""
        self.ahead = None

    def answer(self, wanted: Wanted) -> Answer:
        """Ids for every key: the tenant's own row's where there is one, else new ones in the order of the keys."""
        cursor = self.cursor
        claims = self._ids("claims_claim", wanted.claims, staging.known_claims(cursor, wanted.claims))
        answered = staging.known_answers(cursor, sorted(claims.known.values()))
        events = self._ids("claims_adjudication", wanted.events, answered)
        standing = staging.known_patients(cursor, wanted.patients)
        known = {key: row_id for key, (row_id, _) in standing.items()}
        if self.ahead:
            known.update(self.ahead.patients.new)
        self.ahead = Answer(
            claims,
            events,
            self._ids("claims_patient", wanted.patients, known),
            {key: fingerprint for key, (_, fingerprint) in standing.items()},
            moved_families(cursor, wanted.replaces),
            named_payers(wanted.payers, self.source),
            sites_by_name(wanted.locations),
        )
        return self.ahead

    def _ids(self, table: str, wanted: Iterable[bytes], known: dict[bytes, int]) -> Ids:
        missing = [key for key in wanted if key not in known]
        return Ids(known, dict(zip(missing, staging.fresh(self.cursor, table, len(missing)), strict=True)))


def moved_families(cursor: Any, replaces: dict[bytes, bytes]) -> dict[bytes, bytes]:
    """The family of each claim of the chunk that replaces another: that of the first claim in the chain."""
    if not replaces:
        return {}
    standing = staging.families_of(cursor, set(replaces.values()))
    moved = {}
    for number in replaces:
        root, passed = replaces[number], {number}
        while root in replaces and root not in passed:
            passed.add(root)
            root = replaces[root]
        moved[number] = standing.get(root, root)
    return moved
