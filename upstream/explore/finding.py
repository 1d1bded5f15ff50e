"""Incidents, payers and files by words of their names; a claim is found by its exact number alone, elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import and_
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from upstream.alerts.queries import incidents
from upstream.claims.models import PayerAlias
from upstream.claims.payer_queries import payers
from upstream.core.phi.keyring import TenantKeys
from upstream.ingestion.queries import batches

MOST, FILES_READ = 6, 300
SHORTEST, LONGEST = 2, 80
INCIDENT, PAYER, FILE = "incident", "payer", "file"


@dataclass(frozen=True, slots=True)
class Found:
    """One thing, and what is to be said of it: an incident's state, the day on which a file came."""

    kind: str
    public_id: UUID
    name: str
    state: str = ""
    day: str = ""


def find(text: str, keys: TenantKeys | None) -> list[Found]:
    """Up to six of each kind whose names hold every word, in three queries; `keys` open the names of files.

    Nothing for less than two letters.
    """
    asked = words_of(text)
    return [*_incidents(asked), *_payers(asked), *_files(asked, keys)] if asked else []


def words_of(text: str) -> list[str]:
    """What is looked for; nothing where that is too short."""
    return text.lower().split() if len(text.strip()) >= SHORTEST else []


def all_in(asked: list[str], name: str) -> bool:
    return all(word in name.lower() for word in asked)


def _holding(column: str, asked: list[str]) -> Q:
    return reduce(and_, (Q(**{f"{column}__icontains": word}) for word in asked), Q())


def _incidents(asked: list[str]) -> Iterator[Found]:
    rows = incidents().filter(_holding("title", asked) | _with_id(asked)).order_by("-changed_at", "-pk")
    for row in rows[:MOST]:
        yield Found(INCIDENT, row.public_id, row.title, str(row.get_state_display()))


def _with_id(asked: list[str]) -> Q:
    """The incident of an id that was pasted whole."""
    try:
        return Q(public_id=UUID(asked[0])) if len(asked) == 1 else Q(pk=None)
    except ValueError:
        return Q(pk=None)


def _payers(asked: list[str]) -> Iterator[Found]:
    aliases = PayerAlias.objects.filter(_holding("raw__raw_name", asked), payer=OuterRef("pk"))
    rows = payers().filter(_holding("name", asked) | Exists(aliases)).order_by("name", "pk")
    for row in rows[:MOST]:
        yield Found(PAYER, row.public_id, row.name)


def _files(asked: list[str], keys: TenantKeys | None) -> Iterator[Found]:
    """Of the newest files; without keys they go by the start of their fingerprint, as in their list."""
    left = MOST
    for row in batches()[:FILES_READ]:
        name = row.name(keys) if keys else f"file {row.sha256[:8]}"
        if left and all_in(asked, name):
            left -= 1
            yield Found(FILE, row.public_id, name, day=row.received_at.date().isoformat())
