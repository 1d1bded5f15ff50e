"""Finding something by its name: pages, measures, incidents, payers, files, and a claim by its exact number."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import and_
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from upstream.alerts.queries import incidents
from upstream.claims.models import PayerAlias
from upstream.claims.payer_queries import payers
from upstream.core.phi.keyring import TenantKeys
from upstream.ingestion.queries import batches
from upstream.kpis.definitions import BY_KEY
from upstream.portal import words
from upstream.portal.navigation import ways_for

MOST, FILES_READ = 6, 300
SHORTEST, LONGEST = 2, 80


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
    asked = text.lower().split()
    if len(text.strip()) < SHORTEST:
        return []
    kinds: tuple[tuple[str, Callable[[], Iterator[Hit]]], ...] = (
        ("Pages", lambda: _pages(asked, rights)),
        ("Incidents", lambda: _incidents(asked)),
        ("Payers", lambda: _payers(asked)),
        ("Files", lambda: _files(asked, keys)),
        ("Measures", lambda: _measures(asked)),
    )
    found = [Hits(kind, [hit for hit, _ in zip(find(), range(MOST), strict=False)]) for kind, find in kinds]
    return [hits for hits in found if hits.hits]


def _all_in(asked: list[str], name: str) -> bool:
    return all(word in name.lower() for word in asked)


def _holding(column: str, asked: list[str]) -> Q:
    return reduce(and_, (Q(**{f"{column}__icontains": word}) for word in asked), Q())


def _pages(asked: list[str], rights: frozenset[str]) -> Iterator[Hit]:
    for way in ways_for(rights):
        if _all_in(asked, way.label):
            yield Hit(way.label, "", reverse(f"portal:{way.home}"))


def _incidents(asked: list[str]) -> Iterator[Hit]:
    rows = incidents().filter(_holding("title", asked) | _with_id(asked)).order_by("-changed_at", "-pk")
    for row in rows[:MOST]:
        yield Hit(row.title, str(row.get_state_display()), reverse("portal:incident", args=[row.public_id]))


def _with_id(asked: list[str]) -> Q:
    """The incident of an id that was pasted whole."""
    try:
        return Q(public_id=UUID(asked[0])) if len(asked) == 1 else Q(pk=None)
    except ValueError:
        return Q(pk=None)


def _payers(asked: list[str]) -> Iterator[Hit]:
    aliases = PayerAlias.objects.filter(_holding("raw__raw_name", asked), payer=OuterRef("pk"))
    rows = payers().filter(_holding("name", asked) | Exists(aliases)).order_by("name", "pk")
    for row in rows[:MOST]:
        yield Hit(row.name, "", reverse("portal:payer", args=[row.public_id]))


def _files(asked: list[str], keys: TenantKeys | None) -> Iterator[Hit]:
    """Of the newest files; without keys they go by the start of their fingerprint, as in their list."""
    for row in batches()[:FILES_READ]:
        name = row.name(keys) if keys else f"file {row.sha256[:8]}"
        if _all_in(asked, name):
            yield Hit(name, words.long_day(row.received_at), reverse("portal:batch", args=[row.public_id]))


def _measures(asked: list[str]) -> Iterator[Hit]:
    for said in BY_KEY.values():
        if _all_in(asked, said.name):
            yield Hit(said.name, str(said.better.label), f"{reverse('portal:measures')}#{said.key}")
