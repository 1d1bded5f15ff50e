"""Finding something by its name, as the page and the palette show it: also pages and measures."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.urls import reverse

from upstream.core.phi.keyring import TenantKeys
from upstream.explore.finding import FILE, INCIDENT, LONGEST, MOST, PAYER, Found, all_in, find, words_of
from upstream.kpis.definitions import BY_KEY
from upstream.portal import words
from upstream.portal.navigation import ways_for

__all__ = ["LONGEST", "Hit", "Hits", "search"]
KINDS = {INCIDENT: ("Incidents", "incident"), PAYER: ("Payers", "payer"), FILE: ("Files", "batch")}


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found, and where it is."""

    name: str
    under: str
    address: str


@dataclass(frozen=True, slots=True)
class Hits:
    """What of one kind was found."""

    kind: str
    hits: list[Hit]


def search(text: str, *, rights: frozenset[str], keys: TenantKeys | None) -> list[Hits]:
    """Up to six of each kind whose names hold every word, in three queries; `keys` open the names of files.

    Nothing for less than two letters. Claims are never among them: their numbers are asked for by `claim_numbered`.
    """
    asked = words_of(text)
    if not asked:
        return []
    things = find(text, keys)
    found = [Hits("Pages", list(islice(_pages(asked, rights), MOST)))]
    found += [Hits(label, _hits(things, kind, page)) for kind, (label, page) in KINDS.items()]
    found.append(Hits("Measures", list(islice(_measures(asked), MOST))))
    return [hits for hits in found if hits.hits]


def _hits(things: Iterable[Found], kind: str, page: str) -> list[Hit]:
    return [
        Hit(one.name, _under(one), reverse(f"portal:{page}", args=[one.public_id]))
        for one in things
        if one.kind == kind
    ]


def _under(one: Found) -> str:
    return words.long_day(date.fromisoformat(one.day)) if one.day else one.state


def _pages(asked: list[str], rights: frozenset[str]) -> Iterator[Hit]:
    for way in ways_for(rights):
        if all_in(asked, way.label):
            yield Hit(way.label, "", reverse(f"portal:{way.home}"))


def _measures(asked: list[str]) -> Iterator[Hit]:
    for said in BY_KEY.values():
        if all_in(asked, said.name):
            yield Hit(said.name, str(said.better.label), f"{reverse('portal:measures')}#{said.key}")
