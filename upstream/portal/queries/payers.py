"""Payers as their pages show them: what waits, what each is, under which names it goes, and what was decided."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from upstream.alerts.choices import ClockAction
from upstream.alerts.clocks import Standing, clocks_of
from upstream.claims import payer_queries
from upstream.claims.choices import Decided, How, MoveState
from upstream.claims.models import Payer, PayerAlias, PayerMove
from upstream.claims.payer_queries import NOTHING, Volume
from upstream.portal.queries.people import names_of

SOURCES = {"x12": "X12 files", "csv": "tables", "fhir": "FHIR", "": "before names were kept"}
HOW = {
    How.FIRST: "first seen under this name",
    How.IDENTIFIER: "by its identifier",
    How.NAME: "by its name",
    How.LIKENESS: "by a name that is almost the same",
    How.PERSON: "decided",
}
BASES = {
    "contract": "Contract",
    "setting": "This practice",
    "payer type": "Usual for this type",
    "unknown": "Unknown: check contract",
}


@dataclass(frozen=True, slots=True)
class PayerLine:
    """One payer in the list."""

    payer: Payer
    volume: Volume
    unmapped: bool

    @property
    def shown(self) -> str:
        return shown(self.payer, unmapped=self.unmapped)


@dataclass(frozen=True, slots=True)
class NameLine:
    """One name of a payer: where it comes from, since when it counts here, and who said so."""

    alias: PayerAlias
    person: str

    @property
    def source(self) -> str:
        return SOURCES.get(self.alias.raw.source_system, self.alias.raw.source_system)

    @property
    def how(self) -> str:
        words = HOW[How(self.alias.how)]
        return f"{words} by {self.person}" if self.person else words


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One decision with the person's name."""

    move: PayerMove
    person: str
    taken_back: bool

    @property
    def words(self) -> str:
        """ "Northstar is the same payer as Northstar Health" """
        source, target = self.move.source.name, self.move.target.name
        return {
            Decided.SAME: f"{source} is the same payer as {target}",
            Decided.OWN: f"{source} is a payer of its own",
            Decided.MOVED: f"A name of {source} belongs to {target}",
            Decided.SPLIT: f"{target} was split off {source}",
            Decided.UNITED: f"{source} turned out to be {target}",
            Decided.UNDONE: f"Taken back: names of {source} belong to {target} again",
        }[Decided(self.move.decided)]

    @property
    def may_be_undone(self) -> bool:
        done = self.move.state == MoveState.DONE
        return done and not self.taken_back and self.move.decided != Decided.UNDONE


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One clock of a payer; `standing` is None where none is known."""

    action: ClockAction
    standing: Standing | None

    @property
    def basis(self) -> str:
        return BASES[self.standing.basis] if self.standing else "Not known"


def shown(payer: Payer, *, unmapped: bool) -> str:
    """The payer's name; "Unmapped (name)" while it waits for a person."""
    return f"Unmapped ({payer.name})" if unmapped else str(payer.name)


def lines_of(payers: Iterable[Payer], waiting: frozenset[int]) -> list[PayerLine]:
    """One query for all volumes."""
    found = list(payers)
    volumes: Mapping[int, Volume] = payer_queries.volumes_of(payer.pk for payer in found)
    return [PayerLine(payer, volumes.get(payer.pk, NOTHING), payer.pk in waiting) for payer in found]


def names_in_files(payer: Payer) -> list[NameLine]:
    """Every name that leads or led to the payer."""
    rows = list(payer_queries.aliases_of(payer))
    people = names_of({row.confirmed_by for row in rows if row.confirmed_by})
    return [NameLine(row, people.get(row.confirmed_by, "")) for row in rows]


def decisions(payer: Payer | None, limit: int) -> list[DecisionLine]:
    """The newest first."""
    rows = list(payer_queries.moves(payer)[:limit])
    people = names_of({row.actor for row in rows})
    gone = payer_queries.taken_back(rows)
    return [DecisionLine(row, people[row.actor], row.pk in gone) for row in rows]


def clocks(payer: Payer, day: date) -> list[ClockLine]:
    standing = clocks_of(payer.pk, day)
    return [ClockLine(action, standing.get(action)) for action in ClockAction]
