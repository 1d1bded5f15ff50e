from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from upstream.core.admin import ReadOnlyAdmin, TenantAdmin
from upstream.tenants.models import Membership, Organization, User


@admin.register(Organization)
class OrganizationAdmin(ReadOnlyAdmin):
    """Every organization, with the way to open one."""

    list_display = ("name", "slug", "time_zone", "created_at", "opening")
    search_fields = ("name", "slug")
    fields = ("name", "slug", "public_id", "time_zone", "paper", "false_incidents_per_quarter", "created_at")
    ordering = ("slug",)

    @admin.display(description="Rows")
    def opening(self, organization: Organization) -> Any:
        url = reverse("admin:open_organization", args=[organization.public_id])
        return format_html('<a href="{}">Open with a reason</a>', url)


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ("email", "is_active", "is_staff", "last_login", "help")
    search_fields = ("email",)
    list_filter = ("is_staff", "is_active")
    fields = ("email", "public_id", "first_name", "last_name", "is_active", "is_staff", "last_login", "date_joined")
    ordering = ("email",)

    @admin.display(description="Help")
    def help(self, person: User) -> Any:
        url = reverse("admin:reset_factors", args=[person.public_id])
        return format_html('<a href="{}">Second factor lost</a>', url)


@admin.register(Membership)
class MembershipAdmin(TenantAdmin):
    list_display = ("user_email", "role", "active", "wants_mail")
    list_filter = ("role", "active")
    list_select_related = ("user",)
    fields = ("user_email", "role", "active", "wants_mail")
    readonly_fields = ("user_email",)

    @admin.display(description="person")
    def user_email(self, membership: Membership) -> str:
        return membership.user.email
