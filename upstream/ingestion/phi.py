"""Everything sealed of a tenant that ingestion and the apps below it hold: columns and files."""

from django.db import transaction

from upstream.claims import phi
from upstream.claims.phi import SealedColumn
from upstream.core import storage
from upstream.core.db.models import TenantModel, TenantQuerySet
from upstream.core.errors import DomainError, Invalid
from upstream.core.phi.keyring import TenantKeys, UnreadablePHI, newest_key_id
from upstream.ingestion.models import (
    ArchiveMember,
    Batch,
    MappingProfile,
    Rejection,
    Source,
    SourceObject,
    rejection_place,
)
from upstream.tenants.services import tenant_keys


class RejectionColumn(SealedColumn):
    """A rejected row is sealed to its file and position."""

    def rows(self) -> TenantQuerySet:
        rows: TenantQuerySet = super().rows().select_related("batch")
        return rows

    def place_of(self, item: TenantModel) -> bytes:
        return rejection_place(item.batch.sha256, item.position)  # type: ignore[attr-defined]  # a Rejection


class CorrectionColumn(RejectionColumn):
    """Only rows that a person put right have one."""

    def rows(self) -> TenantQuerySet:
        rows: TenantQuerySet = super().rows().filter(sealed_correction__isnull=False)
        return rows


class PublicIdColumn(SealedColumn):
    """A value, where there is one, sealed to the public id of its row."""

    def rows(self) -> TenantQuerySet:
        return super().rows().exclude(**{f"{self.column}__isnull": True})

    def place_of(self, item: TenantModel) -> bytes:
        return item.public_id.bytes  # type: ignore[attr-defined]  # a model that has one


COLUMNS = (
    *phi.COLUMNS,
    SealedColumn(Batch, Batch.TABLE, "sealed_name", "sha256"),
    SealedColumn(ArchiveMember, ArchiveMember.TABLE, "sealed_name", "place"),
    SealedColumn(MappingProfile, MappingProfile.TABLE, "sealed_profile", "place"),
    RejectionColumn(Rejection, Rejection.TABLE, "sealed_raw", "position"),
    CorrectionColumn(Rejection, Rejection.TABLE, "sealed_correction", "position"),
    PublicIdColumn(Source, Source.TABLE, "sealed_secrets", "public_id"),
    PublicIdColumn(Source, Source.TABLE, "sealed_checkpoint", "public_id"),
    SealedColumn(SourceObject, SourceObject.TABLE, "sealed_name", "name_bidx"),
)
FILES = ("landing", "reports", "templates", "letters", "packets", "logos", "facts")


def rotate(columns: tuple[SealedColumn, ...] = COLUMNS) -> dict[str, int]:
    """These columns and every file of the bound tenant under the newest key; what moved, by table or kind of file."""
    moved = phi.rotate(columns)
    with transaction.atomic():
        keys = tenant_keys()
    for kind in FILES:
        moved[f"{kind} files"] = sum(_reseal(kind, sha256, keys) for sha256 in storage.stored(kind, keys))
    return moved


def _reseal(kind: str, sha256: str, keys: TenantKeys) -> bool:
    try:
        return storage.reseal(kind, sha256, keys)
    except UnreadablePHI as exc:
        raise Invalid(
            "unreadable_file", f"{kind} file {sha256[:12]} cannot be opened; move it away, then go on"
        ) from exc


def verify(columns: tuple[SealedColumn, ...] = COLUMNS) -> dict[str, dict[str, int]]:
    """Open these columns and every file of the bound tenant; rows, unreadable and older_key of each."""
    found = phi.verify(columns)
    with transaction.atomic():
        keys = tenant_keys()
    for kind in FILES:
        counts = {"rows": 0, "unreadable": 0, "older_key": 0}
        for sha256 in storage.stored(kind, keys):
            counts["rows"] += 1
            if not _opens(kind, sha256):
                counts["unreadable"] += 1
            elif storage.key_id(kind, sha256, keys) != newest_key_id():
                counts["older_key"] += 1
        found[f"{kind} files"] = counts
    return found


def _opens(kind: str, sha256: str) -> bool:
    with transaction.atomic():
        keys = tenant_keys()
    try:
        for _piece in storage.read(kind, sha256, keys):
            pass
    except DomainError:
        return False
    return True
