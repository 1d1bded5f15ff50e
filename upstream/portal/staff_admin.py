"""The staff admin: its own site, for Upstream's staff alone, one organization at a time and never without a reason."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from functools import update_wrapper
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import path, reverse

from upstream.audit.services import record_access
from upstream.core import clock, tenancy
from upstream.core.admin import ReadOnlyAdmin
from upstream.portal.accounts.doors import lacks_second_factor, to_second_factor
from upstream.portal.views import staff
from upstream.portal.views.staff import ReasonForm
from upstream.tenants.models import Organization, User

OPENED_KEY = "opened_organization"
OPEN_FOR = 3600
NAMES = {"Batch": "Files", "Outbox": "Messages", "Membership": "Members", "User": "People"}


class StaffRequest(HttpRequest):
    """A request of a person of the staff, with the organization that they opened."""

    user: User
    opened: Organization | None


class StaffAdminSite(AdminSite):
    """Takes read-only pages alone; what packages would register by themselves stays out."""

    site_header = "Upstream staff"
    site_title = "Upstream staff"
    index_title = "Operations"
    site_url = "/portal/"
    enable_nav_sidebar = False

    def register(
        self, model_or_iterable: type[Model] | Iterable[type[Model]], admin_class: Any = None, **options: Any
    ) -> None:
        if isinstance(admin_class, type) and issubclass(admin_class, ReadOnlyAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The portal's sign-in serves here too; a signed-in person who is not staff has no business here."""
        if request.user.is_authenticated:
            raise PermissionDenied("staff")
        return redirect_to_login(request.GET.get("next", reverse("admin:index")), reverse("portal:login"))

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """Runs and renders the page inside the directory and, where one is opened, the organization."""
        inner = super().admin_view(view, cacheable)

        def within(request: StaffRequest, *args: Any, **kwargs: Any) -> Any:
            if self.has_permission(request) and lacks_second_factor(request):
                return to_second_factor(request)
            with tenancy.directory(), _opened(request):
                response = inner(request, *args, **kwargs)
                if isinstance(response, TemplateResponse) and not response.is_rendered:
                    response.render()
                return response

        return update_wrapper(within, view)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "opened": getattr(request, "opened", None)}

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The pages under the names that people use."""
        groups = super().get_app_list(request, app_label)
        for page in (page for group in groups for page in group["models"]):
            page["name"] = NAMES.get(page["object_name"], page["name"])
        return groups

    def get_urls(self) -> list[Any]:
        own = [
            path("open/<uuid:public_id>/", self.admin_view(self.open_organization), name="open_organization"),
            path("close/", self.admin_view(self.close_organization), name="close_organization"),
        ]
        return own + staff.urls(self) + super().get_urls()

    def open_organization(self, request: StaffRequest, public_id: UUID) -> HttpResponse:
        """Asks for a reason, writes it into the organization's audit trail, and opens it for this session."""
        organization = get_object_or_404(Organization, public_id=public_id)
        form = ReasonForm(request.POST or None)
        if tenancy.current() not in (None, organization.pk):
            messages.error(request, "Another organization is open. Close it first.")
        elif request.method == "POST" and form.is_valid():
            with tenancy.bind(organization.pk):
                record_access(
                    actor=f"user:{request.user.public_id}", action="staff_open",
                    subject=f"organization:{organization.public_id}", records=0, purpose=form.cleaned_data["reason"],
                )  # fmt: skip
            request.session[OPENED_KEY] = [organization.pk, clock.now().timestamp()]
            return redirect("admin:index")
        context = {**self.each_context(request), "title": f"Open {organization.name}", "form": form}
        return render(request, "admin/open_organization.html", context)

    def close_organization(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            request.session.pop(OPENED_KEY, None)
        return redirect("admin:index")


def _opened(request: StaffRequest) -> AbstractContextManager[None]:
    """Sets `request.opened` for an hour, and binds it."""
    is_staff = getattr(request.user, "is_staff", False)
    pk, since = request.session.get(OPENED_KEY, (0, 0.0)) if is_staff else (0, 0.0)
    is_over = clock.now().timestamp() - since > OPEN_FOR
    found = None if is_over else Organization.objects.filter(pk=pk).first()
    if found is None:
        request.opened = None
        return nullcontext()
    request.opened = found
    return tenancy.bind(found.pk, user_id=request.user.pk)
