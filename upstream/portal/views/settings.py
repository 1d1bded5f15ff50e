from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from upstream.alerts import limits
from upstream.core import clock
from upstream.core.errors import Invalid
from upstream.portal.access import PortalRequest, actor_of, may, needs
from upstream.portal.forms import MailForm
from upstream.portal.money_forms import MoneyLimitForm
from upstream.portal.queries.settings import Looked, standing
from upstream.tenants.choices import Right


@needs(Right.READ)
def settings(request: PortalRequest) -> HttpResponse:
    """A member's own choices in this practice."""
    form = MailForm(request.POST if request.method == "POST" else None, instance=request.membership)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("portal:settings")
    context = {"form": form, **standing(request.tenant)}
    return render(request, "portal/settings.html", context)


@needs(Right.READ)
def money(request: PortalRequest) -> HttpResponse:
    """From when on money is much; who may change settings sets the practice's own limits."""
    form, looked = MoneyLimitForm(request.POST or None), None
    if request.method == "POST":
        if not may(request, Right.ADMINISTER):
            return HttpResponse(status=403)
        if form.is_valid() and "look" in request.POST:
            looked = _looked(form)
        elif form.is_valid() and _saved(request, form):
            messages.success(request, "Saved.")
            return redirect("portal:money")
    context = {"rows": limits.standing(clock.today(request.tenant.time_zone)), "form": form, "looked": looked}
    return render(request, "portal/money.html", context, status=422 if form.errors else 200)


def _saved(request: PortalRequest, form: MoneyLimitForm) -> bool:
    with _refusal_in(form):
        limits.set_limit(actor=actor_of(request), **form.cleaned_data)
    return form.is_valid()


def _looked(form: MoneyLimitForm) -> Looked | None:
    with _refusal_in(form):
        return Looked(limits.last_year_with(kind=form.cleaned_data["kind"], value=form.cleaned_data["value"]))
    return None


@contextmanager
def _refusal_in(form: MoneyLimitForm) -> Iterator[None]:
    """What is refused stands beside its field."""
    try:
        yield
    except Invalid as exc:
        form.add_error(exc.code if exc.code in form.fields else None, exc.message)
