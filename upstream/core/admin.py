"""What the staff admin's pages have in common: they show and do not change, and tenants stay closed until opened."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from upstream.core.db.models import TenantQuerySet


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic only in the stubs
    """Staff may look; nobody adds, changes or deletes here."""

    list_per_page = 50
    show_full_result_count = False
    list_select_related: ClassVar[bool | list[str] | tuple[str, ...]] = True

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _is_staff(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _is_staff(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class TenantAdmin(ReadOnlyAdmin):
    """Rows of the organization that this person has opened with a reason; none without one."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        if getattr(request, "opened", None) is None:
            return TenantQuerySet(self.model).none()
        return super().get_queryset(request)


def _is_staff(request: HttpRequest) -> bool:
    return bool(request.user.is_active and getattr(request.user, "is_staff", False))
