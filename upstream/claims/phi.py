"""Keeping sealed values readable: re-sealing under the newest key, and proving that every row opens."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from psycopg.sql import SQL, Identifier

from upstream.claims.models import Adjudication, Authorization, ClaimIdentity, ClaimStatus, Coverage, Patient
from upstream.core import crash, tenancy
from upstream.core.db.models import TenantModel, TenantQuerySet
from upstream.core.errors import Invalid
from upstream.core.phi import keyring
from upstream.core.phi.keyring import UnreadablePHI
from upstream.tenants.services import reseal_secret, tenant_keys


@dataclass(frozen=True)
class SealedColumn:
    """A sealed column of a model and the column that names its row in the seal."""

    model: type[TenantModel]
    table: str
    column: str
    row: str

    def rows(self) -> TenantQuerySet:
        """Every row of the bound tenant, with what `place_of` needs."""
        rows: TenantQuerySet = self.model.objects.order_by("pk")
        return rows

    def place_of(self, item: TenantModel) -> bytes:
        value = getattr(item, self.row)
        return value.encode() if isinstance(value, str) else bytes(value)

    @property
    def sealed_as(self) -> tuple[str, str]:
        """Table and column that the seal names."""
        return self.table, self.column


class AnswerColumn(SealedColumn):
    """What payers told of a claim's numbers: envelopes of the claims' identities, where there are some."""

    def rows(self) -> TenantQuerySet:
        rows: TenantQuerySet = super().rows().filter(sealed_identity__isnull=False).select_related("claim")
        return rows

    def place_of(self, item: TenantModel) -> bytes:
        return bytes(item.claim.number_bidx)  # type: ignore[attr-defined]  # an Adjudication

    @property
    def sealed_as(self) -> tuple[str, str]:
        return ClaimIdentity.TABLE, "sealed"


COLUMNS = (
    SealedColumn(Patient, Patient.TABLE, "sealed", "key_bidx"),
    SealedColumn(ClaimIdentity, ClaimIdentity.TABLE, "sealed", "number_bidx"),
    AnswerColumn(Adjudication, "claims_adjudication", "sealed_identity", "claim_id"),
    SealedColumn(ClaimStatus, ClaimStatus.TABLE, "sealed", "event_bidx"),
    SealedColumn(Authorization, Authorization.TABLE, "sealed", "event_bidx"),
    SealedColumn(Coverage, Coverage.TABLE, "sealed", "event_bidx"),
)
BATCH = 1000


def _rows(column: SealedColumn) -> Iterator[list[TenantModel]]:
    last = 0
    while True:
        with transaction.atomic():
            rows = list(column.rows().filter(pk__gt=last)[:BATCH])
        if not rows:
            return
        last = rows[-1].pk
        yield rows


def verify(columns: tuple[SealedColumn, ...] = COLUMNS) -> dict[str, dict[str, int]]:
    """Open every sealed value of the bound tenant; per table: rows, unreadable, and rows on older keys."""
    with transaction.atomic():
        keys = tenant_keys()
    found: dict[str, dict[str, int]] = {}
    for column in columns:
        counts = found.setdefault(column.table, {"rows": 0, "unreadable": 0, "older_key": 0})
        for rows in _rows(column):
            for item in rows:
                _verify_one(column, item, keys, counts)
    return found


def _verify_one(column: SealedColumn, item: TenantModel, keys: keyring.TenantKeys, counts: dict[str, int]) -> None:
    envelope = bytes(getattr(item, column.column))
    counts["rows"] += 1
    try:
        keys.unseal(envelope, *column.sealed_as, column.place_of(item))
        counts["older_key"] += keyring.key_id_of(envelope) != keyring.newest_key_id()
    except UnreadablePHI:
        counts["unreadable"] += 1


def rotate(columns: tuple[SealedColumn, ...] = COLUMNS) -> dict[str, int]:
    """Put the tenant's secret and every sealed value under the newest ring key; how many of each table moved.

    Restartable: a value is under one key or the other, never between. Invalid("unreadable_phi") when one cannot be
    opened, which leaves it as it was.
    """
    with transaction.atomic():
        moved = {"tenants_tenantsecret": int(reseal_secret())}
        keys = tenant_keys()
    for column in columns:
        here = sum(_rotate_batch(column, rows, keys) for rows in _rows(column))
        moved[column.table] = moved.get(column.table, 0) + here
    return moved


def _rotate_batch(column: SealedColumn, rows: list[TenantModel], keys: keyring.TenantKeys) -> int:
    newest = keyring.newest_key_id()
    old = [row.pk for row in rows if keyring.key_id_of(bytes(getattr(row, column.column))) != newest]
    if not old:
        return 0
    with transaction.atomic():
        held = column.rows().select_for_update(of=("self",)).filter(pk__in=old)
        _write(column, {item.pk: _resealed(column, item, keys) for item in held})
        crash.point("mid_rotation")
    return len(old)


def _resealed(column: SealedColumn, item: TenantModel, keys: keyring.TenantKeys) -> bytes:
    place = column.place_of(item)
    try:
        plain = keys.unseal(bytes(getattr(item, column.column)), *column.sealed_as, place)
    except UnreadablePHI as exc:
        raise Invalid("unreadable_phi", f"{column.table} row {item.pk} cannot be opened") from exc
    return keys.seal(plain, *column.sealed_as, place)


def _write(column: SealedColumn, envelopes: dict[int, bytes]) -> None:
    """One statement a batch, since a year of claims has hundreds of thousands of sealed values."""
    statement = SQL(
        "UPDATE {table} SET {column} = new.envelope FROM unnest(%s::bigint[], %s::bytea[]) AS new(id, envelope)"
        " WHERE {table}.tenant_id = %s AND {table}.{key} = new.id"
    ).format(
        table=Identifier(column.table),
        column=Identifier(column.column),
        key=Identifier(str(column.model._meta.pk.column)),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(envelopes), list(envelopes.values()), tenancy.required()])
