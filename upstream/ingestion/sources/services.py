"""Keeping sources: adding, changing, trying, asking now, switching off."""

import uuid
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction

from upstream.core import clock
from upstream.core.errors import Conflict, DomainError, Invalid
from upstream.core.stages import nudge
from upstream.ingestion.connectors.contract import NotYet, Setup
from upstream.ingestion.connectors.kinds import Kind, kind_of
from upstream.ingestion.sources import queries, schedule
from upstream.ingestion.sources.choices import Circuit
from upstream.ingestion.sources.models import Source
from upstream.tenants.queries import bound_organization
from upstream.tenants.samples import refuse_in_sample
from upstream.tenants.services import tenant_keys

MOST_SOURCES = 100
MOST_LOOKED_AT = 1000


@dataclass(frozen=True)
class Tried:
    """Whether the place can be reached as the source says, and in words what was found or is wrong."""

    works: bool
    words: str
    code: str = ""


def add_source(*, kind: str, name: str, values: dict[str, str], schedule_words: str, time_zone: str = "") -> Source:
    """A source, asked for the first time at once. Invalid names the setting that will not do, Conflict the name.

    Conflict("sample_practice") in a sample, which asks nobody.
    """
    refuse_in_sample("set sources up in your own practice")
    asked = kind_of(kind)
    if queries.sources().count() >= MOST_SOURCES:
        raise Invalid("too_many_sources", f"a practice has at most {MOST_SOURCES} sources")
    source = Source(public_id=uuid.uuid4(), kind=asked.key, created_at=clock.now(), next_run_at=clock.now())
    _fill(source, asked, name, values, schedule_words, time_zone)
    nudge()
    return source


def change_source(
    source: Source, *, name: str, values: dict[str, str], schedule_words: str, time_zone: str = ""
) -> None:
    """The source as told from now on; blank secrets stay as they are, unless it goes to another place with them."""
    asked, keys = kind_of(source.kind), tenant_keys()
    secrets = source.secrets(keys)
    plain = asked.checked({**values, **{name: values.get(name) or secrets.get(name, "") for name in asked.secrets}})
    moved = [ask.name for ask in asked.asks if ask.where and plain[ask.name] != source.settings.get(ask.name, "")]
    kept = [name for name in asked.secrets if secrets.get(name) and not values.get(name)]
    if moved and kept:
        raise Invalid("secrets_again", "type the password or key again: it is not sent to another place than before")
    if moved:
        source.sealed_checkpoint = None
    source.circuit, source.failures, source.next_run_at = Circuit.CLOSED, 0, clock.now()
    source.error_code, source.error_message = "", ""
    _fill(source, asked, name, plain, schedule_words, time_zone)
    nudge()


def _fill(source: Source, kind: Kind, name: str, values: dict[str, str], schedule_words: str, time_zone: str) -> None:
    plain, keys = kind.checked(values), tenant_keys()
    name = " ".join(name.split())
    if not name or len(name) > 80:
        raise Invalid("bad_name", "a source needs a name of at most 80 letters")
    if Source.objects.filter(name=name).exclude(public_id=source.public_id).exists():
        raise Conflict("name_taken", f"there is a source {name!r} already")
    schedule.parse(schedule_words)
    source.name, source.schedule = name, " ".join(schedule_words.split())
    source.time_zone = _zone(time_zone or bound_organization().time_zone)
    source.settings = {key: value for key, value in plain.items() if key not in kind.secrets}
    source.seal_secrets({key: plain[key] for key in kind.secrets if plain[key]}, keys)
    source.save()


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
        raise Invalid("unknown_time_zone", f"there is no time zone {name!r}") from exc
    return name


def switch(source: Source, *, on: bool) -> None:
    """Ask the source on its schedule, at once to begin with, or not at all."""
    source.enabled = on
    if on:
        source.circuit, source.failures, source.next_run_at = Circuit.CLOSED, 0, clock.now()
    source.save()
    nudge()


def end_source(source: Source) -> None:
    """The source is asked no more, for good: its secrets and its place are forgotten, its name is free again.

    What it brought stays, and so does what was seen there. A pull that runs now is its last.
    """
    now = clock.now()
    source.name = f"{source.name[:50]} (ended {now:%Y-%m-%d}, {source.public_id.hex[-6:]})"
    source.enabled, source.ended_at = False, now
    source.settings, source.sealed_secrets, source.sealed_checkpoint = {}, None, None
    source.circuit, source.failures, source.error_code, source.error_message = Circuit.CLOSED, 0, "", ""
    source.save()


def ask_now(source: Source) -> None:
    """Pull the source as soon as a worker is free; Conflict when it is switched off."""
    if not source.enabled:
        raise Conflict("switched_off", "the source is switched off: switch it on first")
    source.next_run_at = clock.now()
    source.save(update_fields=["next_run_at"])
    nudge()


def try_connection(source: Source) -> Tried:
    """Connect and list, as a pull would, and change nothing; a source that rested is asked again when it works now."""
    with transaction.atomic():
        keys, tenant = tenant_keys(), bound_organization().slug
    setup = Setup(source.settings, source.secrets(keys), source.checkpoint(keys), tenant, trying=True)
    tried = _tried(kind_of(source.kind), setup)
    if tried.works and source.circuit != Circuit.CLOSED:
        with transaction.atomic():
            Source.objects.filter(pk=source.pk).update(
                circuit=Circuit.CLOSED, failures=0, next_run_at=clock.now(), error_code="", error_message=""
            )
            nudge()
    return tried


def _tried(kind: Kind, setup: Setup) -> Tried:
    try:
        connector = kind.open(setup)
        try:
            count = sum(1 for _, _ in zip(range(MOST_LOOKED_AT), connector.list(), strict=False))
        finally:
            connector.close()
    except NotYet as later:
        return Tried(True, f"It works: {later.message}.")
    except DomainError as exc:
        return Tried(False, f"It does not work: {exc.message}.", exc.code)
    if count == 0:
        return Tried(True, "It works: no file lies there now.")
    if count == 1:
        return Tried(True, "It works: one file lies there that would be taken.")
    more = " or more" if count == MOST_LOOKED_AT else ""
    return Tried(True, f"It works: {count}{more} files lie there that would be taken.")


def found(name: str) -> Source:
    """The source of this name; Invalid("unknown_source") when there is none."""
    source = queries.named(name)
    if source is None:
        raise Invalid("unknown_source", f"there is no source {name!r}")
    return source
