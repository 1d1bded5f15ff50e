"""The second tenant layer: models that refuse a query without a tenant, and never leave it."""

from collections.abc import Iterator
from typing import Any, Self

from django.conf import settings
from django.db import connections, models

from upstream.core import tenancy
from upstream.core.tenancy import NoTenant


def orm_wall_stands() -> bool:
    return str(settings.DISABLE_WALL) != "orm"


def _in_transaction(alias: str) -> None:
    if not connections[alias].in_atomic_block:
        raise NoTenant("no_transaction", "a tenant's rows are read inside a transaction")


class TenantQuerySet(models.QuerySet):  # type: ignore[type-arg]  # generic only in the stubs
    """Rows of the bound tenant; writes are stamped with it and another tenant's are refused.

    Made by TenantManager it runs only for the tenant that it was made for: NoTenant when, by then, another or none is
    bound or the transaction is over, where the database would show no rows.
    """

    made_for: int | None = None

    def _clone(self) -> Self:
        rows: Self = super()._clone()  # type: ignore[misc]  # Django's, unknown to the stubs
        rows.made_for = self.made_for
        return rows

    def _may_run(self) -> None:
        if self.made_for is not None:
            if tenancy.required() != self.made_for:
                raise NoTenant("other_tenant", "the query was made for another tenant")
            _in_transaction(self.db)

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            self._may_run()
        super()._fetch_all()

    def _iterator(self, use_chunked_fetch: bool, chunk_size: int | None) -> Iterator[Any]:
        self._may_run()
        yield from super()._iterator(use_chunked_fetch, chunk_size)  # type: ignore[misc]  # unknown to the stubs

    def count(self) -> int:
        if self._result_cache is None:
            self._may_run()
        return super().count()

    def exists(self) -> bool:
        if self._result_cache is None:
            self._may_run()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._may_run()
        return super().aggregate(*args, **kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._may_run()
        return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]  # as Django marks its own: not for templates,
    delete.queryset_only = True  # type: ignore[attr-defined]  # nor on a manager

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> Any:
        rows = list(objs)
        for row in rows:
            row.claim_for_tenant()
        return super().bulk_create(rows, *args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        if {"tenant", "tenant_id"} & set(kwargs):
            raise NoTenant("tenant_moved", "a row never changes its tenant")
        self._may_run()
        return super().update(**kwargs)


class TenantManager(models.Manager.from_queryset(TenantQuerySet)):  # type: ignore[misc]  # made at run time
    """Filters every query to the bound tenant; NoTenant when none is bound or no transaction is open."""

    use_in_migrations = False

    def get_queryset(self) -> TenantQuerySet:
        rows: TenantQuerySet = super().get_queryset()
        if not orm_wall_stands():
            return rows
        tenant_id = tenancy.required()
        _in_transaction(rows.db)
        found = rows.filter(tenant_id=tenant_id)
        found.made_for = tenant_id
        return found


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
