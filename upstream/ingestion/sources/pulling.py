"""One pull of one source: list, fetch, land, acknowledge. Killed anywhere, the next pull goes on from the rows.

A thing is LISTED; taken for FETCHING; LANDED once its batch is committed; ACKNOWLEDGED once the sender's side is
settled. What was fetched and not yet marked is fetched again and known by its content, so that nothing is doubled.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from random import SystemRandom
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import F
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from upstream.core import clock, crash
from upstream.core.errors import DomainError
from upstream.core.outbound import Unreachable
from upstream.core.phi.keyring import TenantKeys
from upstream.ingestion import services
from upstream.ingestion.connectors.contract import PASSING, Changed, Connector, NotYet, RemoteObject, Setup
from upstream.ingestion.connectors.kinds import kind_of
from upstream.ingestion.sources import schedule
from upstream.ingestion.sources.choices import Circuit, ObjectState, SourceRunState
from upstream.ingestion.sources.models import Source, SourceObject, SourceRun
from upstream.ingestion.sources.rules import after_failure
from upstream.ingestion.sources.sighting import SETTLE, Sighted, sight
from upstream.tenants.queries import bound_organization
from upstream.tenants.services import tenant_keys

LONGEST_PULL = 20 * 60.0
RUNS_KEPT = timedelta(days=90)
TRIES = 3
MAX_ATTEMPTS = 5
SPREAD = SystemRandom()
Result = TypeVar("Result")


class Unsettled(DomainError):
    """Files are safe with us, but could not be settled at the sender's side."""


class TooLarge(DomainError):
    """One file is larger than the operator allows; the others are taken."""


def pull(source_id: int) -> SourceRun | None:
    """Pull a source that is due; the finished run, or None when it is not due after all."""
    begun = _begin(source_id)
    if begun is None:
        return None
    source, run = begun
    work = Pull(source, run)
    try:
        next_at = work.through()
    except NotYet as later:
        _succeeded(source, run, clock.now() + timedelta(seconds=later.seconds))
    except DomainError as exc:
        _failed(source, run, exc)
    else:
        _succeeded(source, run, next_at or _next_on_schedule(source))
    finally:
        work.close()
    return run


def _begin(source_id: int) -> tuple[Source, SourceRun] | None:
    """The source and its new run; a run that a killed process left counts as a failure, and the fifth as a rest."""
    now = clock.now()
    with transaction.atomic():
        source = Source.objects.select_for_update().filter(pk=source_id, enabled=True, next_run_at__lte=now).first()
        if source is None:
            return None
        left = SourceRun.objects.filter(source=source, state=SourceRunState.RUNNING)
        if left.update(state=SourceRunState.INTERRUPTED, ended_at=now):
            health = after_failure(source.failures, lasting=False, now=now, jitter=SPREAD.random())
            source.failures = health.failures
            if health.circuit == Circuit.OPEN:
                source.circuit, source.next_run_at, source.last_failure_at = health.circuit, health.next_at, now
                source.error_code, source.error_message = (
                    "interrupted",
                    "the last pulls were ended in the middle",
                )
                source.save()
                return None
        taken = SourceObject.objects.filter(source=source, state=ObjectState.FETCHING)
        taken.filter(attempts__gte=MAX_ATTEMPTS).update(state=ObjectState.FAILED, error_code="gave_up")
        taken.update(state=ObjectState.LISTED)
        SourceRun.objects.filter(source=source, started_at__lt=now - RUNS_KEPT).delete()
        if source.circuit == Circuit.OPEN:
            source.circuit = Circuit.HALF_OPEN
        source.save()
        return source, SourceRun.objects.create(source=source, started_at=now)


def _succeeded(source: Source, run: SourceRun, next_at: datetime) -> None:
    with transaction.atomic():
        source.circuit, source.failures, source.next_run_at = Circuit.CLOSED, 0, next_at
        source.last_success_at, source.error_code, source.error_message = clock.now(), "", ""
        _finish(source, run, SourceRunState.SUCCEEDED)


def _failed(source: Source, run: SourceRun, exc: DomainError) -> None:
    now = clock.now()
    lasting = not isinstance(exc, (*PASSING, Unsettled))
    health = after_failure(source.failures, lasting=lasting, now=now, jitter=SPREAD.random())
    with transaction.atomic():
        source.circuit, source.failures, source.next_run_at = health.circuit, health.failures, health.next_at
        source.last_failure_at, source.error_code, source.error_message = now, exc.code[:40], exc.message[:300]
        run.error_code, run.error_message = source.error_code, source.error_message
        _finish(source, run, SourceRunState.FAILED)


def _finish(source: Source, run: SourceRun, state: SourceRunState) -> None:
    """What people changed at the source meanwhile stays as they left it."""
    run.state, run.ended_at = state, clock.now()
    run.save()
    fields = ["circuit", "failures", "next_run_at", "last_success_at", "last_failure_at", "last_file_at",
              "error_code", "error_message"]  # fmt: skip
    source.save(update_fields=fields)


def _next_on_schedule(source: Source) -> datetime:
    return schedule.next_after(schedule.parse(source.schedule), clock.now(), source.time_zone)


class Pull:
    """The work of one run, over one connection that is opened again when it broke."""

    def __init__(self, source: Source, run: SourceRun) -> None:
        self.source, self.run, self.kind = source, run, kind_of(source.kind)
        with transaction.atomic():
            self.keys: TenantKeys = tenant_keys()
            self.tenant = bound_organization().slug
        self.ends_at = time.monotonic() + LONGEST_PULL
        self.connector: Connector | None = None

    def through(self) -> datetime | None:
        """Everything that lies there and is whole is with us; when to look again, None for as scheduled."""
        settles = self.kind.settles and self.source.settings.get("complete") == "stable"
        seen = self._trying(partial(self._look, settles))
        self.run.listed, self.run.growing = seen.listed, seen.growing
        for row_id in seen.ready:
            if time.monotonic() > self.ends_at:
                return clock.now()
            try:
                self._trying(partial(self._land, row_id))
            except Changed:
                self.run.growing += 1
        self._settle_all()
        if not self.run.growing:
            self._remember(self._trying(lambda: self._open().checkpoint()))
        return clock.now() + SETTLE if self.run.growing else None

    def _look(self, settles: bool) -> Sighted:
        return sight(self.source, self._open().list(), settles=settles, keys=self.keys, now=clock.now())

    def _land(self, row_id: int) -> None:
        """One thing is fetched to its last byte and its batch committed; Changed puts it back to be looked at again."""
        mine = partial(_only, row_id)
        with transaction.atomic():
            if not mine(ObjectState.LISTED).update(state=ObjectState.FETCHING, attempts=F("attempts") + 1):
                return
            row = SourceObject.objects.get(pk=row_id)
        found = self._as_found(row)
        try:
            if (row.size or 0) > settings.MAX_UPLOAD_BYTES:
                raise TooLarge("too_large", "the file is larger than the operator allows")
            batch, new = services.receive(self._counted(found), name=found.name, received_from=self.source.sender)
        except DomainError as exc:
            with transaction.atomic():
                state = ObjectState.FAILED if isinstance(exc, TooLarge) else ObjectState.LISTED
                mine(ObjectState.FETCHING).update(state=state, error_code=exc.code[:40], seen_at=clock.now())
            if isinstance(exc, TooLarge):
                return
            raise
        crash.point("before_object_landed")
        with transaction.atomic():
            now = clock.now()
            mine(ObjectState.FETCHING).update(state=ObjectState.LANDED, batch=batch, landed_at=now, error_code="")
            Source.objects.filter(pk=self.source.pk).update(last_file_at=now)
        self.source.last_file_at = now
        self.run.received += new
        self.run.known += not new
        self.run.size += batch.size
        crash.point("before_acknowledge")

    def _counted(self, found: RemoteObject) -> Iterator[bytes]:
        """The bytes, as many as were listed."""
        size = 0
        for piece in self._open().fetch(found):
            size += len(piece)
            if size > settings.MAX_UPLOAD_BYTES:
                raise TooLarge("too_large", "the file is larger than the operator allows")
            yield piece
            crash.point("mid_fetch")
        if found.size is not None and size != found.size:
            raise Changed("changed", "the file was not as long as it was listed")

    def _settle_all(self) -> None:
        """The sender's side of everything that landed, now or in a pull that was killed."""
        with transaction.atomic():
            landed = list(SourceObject.objects.filter(source=self.source, state=ObjectState.LANDED).order_by("pk"))
        for row in landed:
            try:
                self._trying(partial(self._acknowledge, row))
            except DomainError as exc:
                raise Unsettled(exc.code, f"files were received, but {exc.message}") from exc

    def _acknowledge(self, row: SourceObject) -> None:
        self._open().acknowledge(self._as_found(row))
        with transaction.atomic():
            _only(row.pk, ObjectState.LANDED).update(state=ObjectState.ACKNOWLEDGED)

    def _as_found(self, row: SourceObject) -> RemoteObject:
        return RemoteObject(row.name(self.keys), row.version, row.size)

    def _trying(self, act: Callable[[], Result]) -> Result:
        """The act, tried again with a growing, random wait when nobody answers; over a new connection each time."""
        patient = Retrying(
            stop=stop_after_attempt(TRIES),
            wait=wait_random_exponential(multiplier=settings.SOURCE_RETRY_SECONDS, max=20),
            retry=retry_if_exception_type(Unreachable),
            before_sleep=lambda _state: self.close(),
            reraise=True,
        )
        return patient(act)

    def _open(self) -> Connector:
        if self.connector is None:
            setup = Setup(
                settings=self.source.settings,
                secrets=self.source.secrets(self.keys),
                checkpoint=self.source.checkpoint(self.keys),
                tenant=self.tenant,
                remember=self._remember,
            )
            self.connector = self.kind.open(setup)
        return self.connector

    def _remember(self, checkpoint: dict[str, Any]) -> None:
        with transaction.atomic():
            self.source.seal_checkpoint(checkpoint, self.keys)
            self.source.save(update_fields=["sealed_checkpoint"])

    def close(self) -> None:
        """Let go of the connection, whatever state it is in."""
        if self.connector is not None:
            with suppress(DomainError, OSError):
                self.connector.close()
            self.connector = None


def _only(row_id: int, state: ObjectState) -> Any:
    """The row, if it is in this state: what compare-and-set updates."""
    return SourceObject.objects.filter(pk=row_id, state=state)
