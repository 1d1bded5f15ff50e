"""Which tenant this flow of control works for.

A bound tenant is written into each PostgreSQL transaction as it begins (SET LOCAL app.tenant_id), where the
row-level-security policies read it; with none bound they show no row. `directory()` opens the list of organizations
alone, for finding the tenant in the first place. Nothing here outlives its `with` block.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from django.db import DEFAULT_DB_ALIAS, connections
from psycopg.pq import TransactionStatus

from upstream.core.errors import DomainError


class NoTenant(DomainError):
    """A tenant's rows were asked for while no tenant was bound, or outside a transaction."""

    status = 500


@dataclass(frozen=True)
class Scope:
    """What the database is told at the start of each transaction."""

    tenant_id: int | None = None
    user_id: int | None = None
    directory: bool = False


UNBOUND = Scope()
_scope: ContextVar[Scope] = ContextVar("upstream_scope", default=UNBOUND)


def current() -> int | None:
    """The bound organization's id, or None."""
    return _scope.get().tenant_id


def required() -> int:
    """The bound organization's id; NoTenant when there is none."""
    tenant_id = _scope.get().tenant_id
    if tenant_id is None:
        raise NoTenant("no_tenant", "no tenant is bound here")
    return tenant_id


@contextmanager
def bind(tenant_id: int, *, user_id: int | None = None) -> Iterator[None]:
    """Work for one tenant. A different tenant that is bound already is refused: nothing may serve two."""
    bound = current()
    if bound is not None and bound != tenant_id:
        raise NoTenant("tenant_bound", "another tenant is bound here")
    with _within(replace(_scope.get(), tenant_id=tenant_id, user_id=user_id or _scope.get().user_id)):
        yield


@contextmanager
def acting_as(user_id: int) -> Iterator[None]:
    """Lets a signed-in person's own memberships be read before a tenant is chosen."""
    with _within(replace(_scope.get(), user_id=user_id)):
        yield


@contextmanager
def directory() -> Iterator[None]:
    """Opens the list of organizations (slug, name, settings; nothing of theirs) to commands, sign-in, the sweep."""
    with _within(replace(_scope.get(), directory=True)):
        yield


@contextmanager
def _within(scope: Scope) -> Iterator[None]:
    before = _scope.get()
    token = _scope.set(scope)
    try:
        _tell_open_transaction()
        yield
    finally:
        _scope.reset(token)
        if before != scope:
            _tell_open_transaction()


def _tell_open_transaction() -> None:
    connection = connections[DEFAULT_DB_ALIAS]
    if not connection.in_atomic_block or connection.needs_rollback or connection.closed_in_transaction:
        return
    # A transaction that has failed takes no statement, and ends with what it was told: nothing to tell it.
    if connection.connection.info.transaction_status not in {TransactionStatus.INERROR, TransactionStatus.UNKNOWN}:
        tell(connection)


def tell(connection) -> None:  # type: ignore[no-untyped-def]  # Django's connection proxy has no useful type
    """Write the scope into the transaction that is open on `connection`."""
    scope = _scope.get()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.tenant_id', %s, true), set_config('app.user_id', %s, true),"
            " set_config('app.directory', %s, true)",
            [str(scope.tenant_id or ""), str(scope.user_id or ""), "on" if scope.directory else ""],
        )


def is_empty() -> bool:
    """True when no scope is bound, so that a new transaction needs no message."""
    return _scope.get() == UNBOUND
