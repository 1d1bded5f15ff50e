"""Pages of our own staff beside the lists: how practices stand, visits, switches, lost second factors."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_safe

from upstream.audit import helping
from upstream.audit.services import record_access
from upstream.core.errors import DomainError
from upstream.portal.accounts.doors import AccountRequest, confirmed
from upstream.portal.navigation import SWITCHES
from upstream.portal.queries.health import PAGE, standing_of_all
from upstream.portal.queries.people import members
from upstream.tenants import visits
from upstream.tenants.models import Membership, Organization, User

REASON_HELP = "Such as a ticket number and what was asked. The practice can read it."


class ReasonForm(forms.Form):
    """Why our staff do it; it stands in the practice's access log."""

    reason = forms.CharField(
        min_length=8, max_length=80, label="Reason", help_text=REASON_HELP,
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": 60}),
    )  # fmt: skip


class VisitForm(ReasonForm):
    """Whose portal is looked at, and why."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"] = forms.ChoiceField(
            label="As whom", choices=[(row.pk, f"{row.user.email} ({row.get_role_display()})") for row in _visitable()]
        )
        self.order_fields(["member", "reason"])

    def chosen(self) -> Membership:
        return next(row for row in _visitable() if str(row.pk) == self.cleaned_data["member"])


class SwitchForm(ReasonForm):
    """Which areas are off for the practice, and why."""

    off = forms.MultipleChoiceField(
        label="Switched off", choices=sorted(SWITCHES.items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("off", "reason")


def _visitable() -> list[Membership]:
    return [row for row in members() if row.active and row.user.is_active]


@require_safe
def health(request: Any) -> HttpResponse:
    """Every practice's newest remittance and look of detection, and what waits for somebody of the staff."""
    found = standing_of_all(after=request.GET.get("after", ""))
    more = found[-1].practice.slug if len(found) == PAGE else ""
    return _page(request, "health", "How practices stand", {"found": found, "more": more})


def visit(request: Any) -> HttpResponse:
    """Look at the opened practice's portal as one of its members sees it."""
    if request.opened is None:
        return _none_is_open(request)
    form = VisitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            member, reason = form.chosen(), form.cleaned_data["reason"]
            visits.begin(request, member, reason=reason)
        except DomainError as exc:
            form.add_error(None, exc.message)
        else:
            _record(request, "staff_visit", f"person:{member.user.public_id}", reason)
            return redirect("portal:today")
    return _page(request, "form", "Look at the portal", {"form": form, "act": "Look", "said": VISIT_WORDS})


def switches(request: Any) -> HttpResponse:
    """Switch areas of the opened practice off and on."""
    if request.opened is None:
        return _none_is_open(request)
    practice = Organization.objects.get(pk=request.opened.pk)
    form = SwitchForm(request.POST or None, initial={"off": practice.switched_off})
    if request.method == "POST" and form.is_valid():
        practice.switched_off = sorted(form.cleaned_data["off"])
        practice.save(update_fields=["switched_off"])
        _record(request, "staff_switch", "practice", form.cleaned_data["reason"])
        messages.success(request, "Saved.")
        return redirect("admin:switches")
    return _page(request, "form", "Areas", {"form": form, "act": "Save", "said": SWITCH_WORDS})


@confirmed
def reset_factors(request: AccountRequest, public_id: UUID) -> HttpResponse:
    """Take a person's lost second factors away, after they proved who they are by another way."""
    person = get_object_or_404(User, public_id=public_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by = f"user:{request.user.public_id}"
        removed = helping.reset_factors(person, by=by, reason=form.cleaned_data["reason"])
        messages.success(request, f"{removed} removed. {person.email} signs in by password alone next time.")
        return redirect("admin:tenants_user_changelist")
    said = RESET_WORDS.format(email=person.email)
    return _page(request, "form", "Lost second factor", {"form": form, "act": "Take them away", "said": said})


VISIT_WORDS = (
    "For half an hour you see what this member sees. You change nothing, patients' values stay closed, every page of"
    " the practice says that you are there, and its owners get a mail with your reason."
)
SWITCH_WORDS = "What is switched off is on no page of the practice's portal. Its data stay as they are."
RESET_WORDS = (
    "Every app, passkey and recovery code of {email} is removed and every session ends. Make sure first, by a call to a"
    " number that the practice gave before, that it is this person who asks."
)


def _record(request: Any, action: str, subject: str, reason: str) -> None:
    record_access(actor=f"user:{request.user.public_id}", action=action, subject=subject, records=0, purpose=reason)


def _none_is_open(request: Any) -> HttpResponse:
    messages.error(request, "Open a practice first, with a reason.")
    return redirect("admin:tenants_organization_changelist")


def _page(request: Any, name: str, title: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, f"admin/{name}.html", {**admin.site.each_context(request), "title": title, **context})


def urls(site: Any) -> list[Any]:
    """The addresses of these pages, behind the door of the site."""
    return [
        path("health/", site.admin_view(health), name="health"),
        path("visit/", site.admin_view(visit), name="visit"),
        path("switches/", site.admin_view(switches), name="switches"),
        path("people/<uuid:public_id>/reset/", site.admin_view(reset_factors), name="reset_factors"),
    ]
