"""What the practice prints on: its logo and its paper."""

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from upstream.core.documents.pictures import MOST_BYTES
from upstream.portal.access import PortalRequest, actor_of, needs, refusal_as_message
from upstream.reports import letterhead
from upstream.tenants.choices import Right


class LogoForm(forms.Form):
    """A picture from the person's machine."""

    logo = forms.FileField(
        label="Picture", help_text="PNG or JPEG, at most 1 MB. It is made smaller where it is wider than 900 pixels.",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
    )  # fmt: skip


class PaperForm(forms.Form):
    """On what the practice prints."""

    paper = forms.ChoiceField(label="Paper", choices=[("Letter", "US Letter"), ("A4", "A4")])


@needs(Right.READ)
@require_safe
def page(request: PortalRequest) -> HttpResponse:
    """The logo that documents carry now, and the paper that they are made for."""
    context = {
        "logo": letterhead.current_logo(), "said": letterhead.anything_said(), "form": LogoForm(),
        "paper": PaperForm(initial={"paper": request.tenant.paper}),
    }  # fmt: skip
    return render(request, "portal/letterhead.html", context)


@needs(Right.READ)
@require_safe
def logo(_request: PortalRequest) -> HttpResponse:
    """The picture itself."""
    content = letterhead.logo_content()
    if content is None:
        raise Http404
    return HttpResponse(content, content_type="image/png")


@require_POST
@needs(Right.ADMINISTER)
def put(request: PortalRequest) -> HttpResponse:
    """A new logo from the next document on."""
    found = request.FILES.get("logo")
    with refusal_as_message(request, done="Saved. Documents carry it from now on."):
        content = b"" if found is None or (found.size or 0) > MOST_BYTES else found.read()
        letterhead.set_logo(content, actor=actor_of(request))
    return redirect("portal:letterhead")


@require_POST
@needs(Right.ADMINISTER)
def away(request: PortalRequest) -> HttpResponse:
    """No logo from the next document on."""
    with refusal_as_message(request, done="Taken away."):
        letterhead.take_logo_away(actor=actor_of(request))
    return redirect("portal:letterhead")


@require_POST
@needs(Right.ADMINISTER)
def back(request: PortalRequest) -> HttpResponse:
    """The last word about the logo is taken back."""
    with refusal_as_message(request, done="As it was before."):
        letterhead.put_logo_back(actor=actor_of(request))
    return redirect("portal:letterhead")


@require_POST
@needs(Right.ADMINISTER)
def paper(request: PortalRequest) -> HttpResponse:
    """Another paper from the next document on."""
    with refusal_as_message(request, done="Saved. Documents are made for it from now on."):
        letterhead.set_paper(request.POST.get("paper", ""))
    return redirect("portal:letterhead")
