"""The payers of one practice by the names that led to them, in memory: where a new name belongs. Pure.

Names that are surely of one payer stand in one payer, however they came: it is the closure of `compare` over all names
ever met, less what people keep apart, and so the same for every order of files.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from upstream.claims.choices import Doubt, Tie
from upstream.claims.payer_ties import Raw, blocks, compare

SUREST = list(Tie)


@dataclass
class Entry:
    """One raw name: `number` is its id, `spelled` as first written; `payer` an id, or below zero for one to be made."""

    raw: Raw
    number: int
    spelled: str
    payer: int = 0
    confirmed: bool = False
    tie: Tie | None = None


@dataclass(frozen=True)
class Question:
    """Two raw names of two payers that may be one."""

    first: int
    second: int
    reason: Doubt


@dataclass(frozen=True)
class Union:
    """Two payers that turned out to be one, with the raw names that come over."""

    source: int
    target: int
    raws: tuple[int, ...]


@dataclass
class Registry:
    """`apart` and `asked` are pairs of raw names: those that people keep apart, and those that people were asked."""

    entries: dict[int, Entry] = field(default_factory=dict)
    apart: set[tuple[int, int]] = field(default_factory=set)
    asked: set[tuple[int, int]] = field(default_factory=set)
    unions: list[Union] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    _blocks: dict[tuple[str, ...], list[Entry]] = field(default_factory=dict)
    _members: dict[int, list[Entry]] = field(default_factory=dict)
    _opened: int = 0

    @classmethod
    def of(
        cls, entries: Iterable[Entry], apart: Iterable[tuple[int, int]], asked: Iterable[tuple[int, int]]
    ) -> "Registry":
        """The registry of names that have their payer already."""
        made = cls(apart=set(apart), asked=set(asked))
        for entry in entries:
            made._file(entry)
        return made

    def members(self, payer: int) -> list[Entry]:
        """The names of a payer, in the order in which they were met."""
        return self._members.get(payer, [])

    def add(self, entry: Entry) -> Entry:
        """Find the new name's payer or open one; ask where it is no more than likely."""
        ties: list[tuple[Tie, Entry]] = []
        doubts: list[tuple[Doubt, Entry]] = []
        for other in self._near(entry.raw):
            verdict = compare(entry.raw, other.raw)
            if isinstance(verdict, Tie):
                ties.append((verdict, other))
            elif verdict:
                doubts.append((verdict, other))
        entry.payer, entry.tie = self._home(ties)
        if entry.tie is None:
            doubts += [(Doubt.NAME, other) for _, other in ties]
        self._file(entry)
        for _, other in ties:
            if entry.tie and other.payer != entry.payer and not self._are_apart(entry.payer, other.payer):
                self._unite(entry.payer, other.payer)
        for reason, other in doubts:
            self._ask(entry, other, reason)
        return entry

    def _near(self, raw: Raw) -> Iterator[Entry]:
        seen: set[int] = set()
        for key in blocks(raw):
            for other in self._blocks.get(key, ()):
                if other.number not in seen:
                    seen.add(other.number)
                    yield other

    def _home(self, ties: list[tuple[Tie, Entry]]) -> tuple[int, Tie | None]:
        """The payer of the surest tie, confirmed names first; a new one where several that are kept apart have it."""
        if ties:
            rank = min((SUREST.index(tie), not other.confirmed) for tie, other in ties)
            best = {other.payer: tie for tie, other in ties if (SUREST.index(tie), not other.confirmed) == rank}
            first, *rest = sorted(best, key=lambda payer: (payer < 0, abs(payer)))
            if not any(self._are_apart(first, payer) for payer in rest):
                return first, best[first]
        self._opened -= 1
        return self._opened, None

    def _file(self, entry: Entry) -> None:
        self.entries[entry.number] = entry
        self._members.setdefault(entry.payer, []).append(entry)
        for key in set(blocks(entry.raw)):
            self._blocks.setdefault(key, []).append(entry)

    def _are_apart(self, one: int, other: int) -> bool:
        mine, theirs = ({e.number for e in self.members(payer)} for payer in (one, other))
        return any((a in mine and b in theirs) or (b in mine and a in theirs) for a, b in self.apart)

    def _unite(self, one: int, other: int) -> None:
        """The older payer takes the younger one's names; one that is not made yet leaves no trace."""
        target, source = sorted((one, other), key=lambda payer: (payer < 0, abs(payer)))
        coming = self._members.pop(source, [])
        for entry in coming:
            entry.payer = target
        self._members.setdefault(target, []).extend(coming)
        if source > 0:
            self.unions.append(Union(source, target, tuple(entry.number for entry in coming)))

    def _ask(self, entry: Entry, other: Entry, reason: Doubt) -> None:
        """One question for two payers, and none that was answered."""
        if entry.payer == other.payer or self._are_apart(entry.payer, other.payer):
            return
        mine, theirs = ({e.number for e in self.members(payer)} for payer in (entry.payer, other.payer))
        if not any((a in mine and b in theirs) or (b in mine and a in theirs) for a, b in self.asked):
            self.asked.add((entry.number, other.number))
            self.questions.append(Question(entry.number, other.number, reason))
