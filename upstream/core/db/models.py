"""The second tenant layer: models that refuse a query without a tenant, and never leave it."""

from typing import Any, Self

from django.conf import settings
from django.db import connections, models

from upstream.core import tenancy
from upstream.core.tenancy import NoTenant


def orm_wall_stands() -> bool:
    return str(settings.DISABLE_WALL) != "orm"


class TenantQuerySet(models.QuerySet):  # type: ignore[type-arg]  # generic only in the stubs
    """Rows of the bound tenant; writes are stamped with it and another tenant's are refused."""

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> Any:
        rows = list(objs)
        for row in rows:
            row.claim_for_tenant()
        return super().bulk_create(rows, *args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        if {"tenant", "tenant_id"} & set(kwargs):
            raise NoTenant("tenant_moved", "a row never changes its tenant")
        return super().update(**kwargs)


class TenantManager(models.Manager.from_queryset(TenantQuerySet)):  # type: ignore[misc]  # made at run time
    """Filters every query to the bound tenant; NoTenant when none is bound or no transaction is open."""

    use_in_migrations = False

    def get_queryset(self) -> TenantQuerySet:
        rows: TenantQuerySet = super().get_queryset()
        if not orm_wall_stands():
            return rows
        tenant_id = tenancy.required()
        if not connections[rows.db].in_atomic_block:
            raise NoTenant("no_transaction", "a tenant's rows are read inside a transaction")
        return rows.filter(tenant_id=tenant_id)


class TenantModel(models.Model):
    """A row that belongs to one organization. Its database key is (tenant_id, id), and every index of it begins with
    the tenant; TenantWall ties it to the organization through its parents, or directly where it has none."""

    tenant = models.ForeignKey(
        "tenants.Organization",
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        db_index=False,
        db_constraint=False,
    )

    objects = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.claim_for_tenant()
        super().save(*args, **kwargs)

    def claim_for_tenant(self) -> Self:
        """Stamp the row with the bound tenant; NoTenant when it carries another, or when none is bound."""
        if self.tenant_id is None:
            self.tenant_id = tenancy.current()
        if orm_wall_stands() and self.tenant_id != tenancy.required():
            raise NoTenant("other_tenant", "the row belongs to another tenant")
        return self


def tenant_key(to: Any, **kwargs: Any) -> Any:
    """Foreign key whose constraint is the composite (tenant_id, id) one that TenantWall writes; indexes are named."""
    kwargs.setdefault("on_delete", models.PROTECT)
    kwargs.setdefault("related_name", "+")
    return models.ForeignKey(to, db_constraint=False, db_index=False, **kwargs)
