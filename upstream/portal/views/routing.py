"""Who is told of incidents, when, and what is muted."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from upstream.core.errors import DomainError
from upstream.portal.access import PortalRequest, actor_of, existing, needs, refusal_as_message
from upstream.portal.queries import routing as shown
from upstream.portal.quiet_forms import PolicyForm, VersionedForm, WindowForm
from upstream.portal.routing_forms import MuteForm, RuleForm
from upstream.routing import mutes, policies, queries, ruling, scopes
from upstream.routing.conditions import VOCABULARY
from upstream.routing.learning import learned
from upstream.routing.models import Mute, Rule, Window
from upstream.routing.preview import Preview, preview
from upstream.tenants.choices import Right

PAGE_SIZE = 50


@needs(Right.READ)
@require_safe
def routing(request: PortalRequest) -> HttpResponse:
    """Everything that was said of it, with a picture of the week."""
    return render(request, "portal/routing/overview.html", {"shown": shown.overview(request.tenant.time_zone)})


@needs(Right.ROUTE)
def routing_policy(request: PortalRequest) -> HttpResponse:
    """Budget, severities, quiet hours, digest and office hours."""
    form = PolicyForm(request.POST) if request.method == "POST" else PolicyForm.showing(queries.policy())
    if form.is_bound and form.is_valid():
        try:
            policies.save_policy(version=form.cleaned_data["version"], values=form.values)
        except DomainError as exc:
            refuse(form, exc)
        else:
            return redirect("portal:routing")
    return shown_form(request, form, "When people are told", "portal/routing/policy.html")


@needs(Right.ROUTE)
def rule_add(request: PortalRequest) -> HttpResponse:
    """A new rule; its preview saves nothing."""
    return _rule(request, None)


@needs(Right.ROUTE)
def rule(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """One rule: to read, to change, to try."""
    return _rule(request, existing(queries.all_rules().filter(public_id=public_id).first()))


def _rule(request: PortalRequest, row: Rule | None) -> HttpResponse:
    form = RuleForm(request.POST or None, rule=row)
    found = None
    if request.method == "POST" and form.is_valid():
        try:
            if "preview" in request.POST:
                found = _previewed(form.scope)
            else:
                said = {"name": form.cleaned_data["name"], "how": form.cleaned_data["how"], "scope": form.scope}
                version = form.cleaned_data["version"]
                ruling.save_rule(row, version=version, targets=form.targets, actor=actor_of(request), **said)
                return redirect("portal:routing")
        except DomainError as exc:
            refuse(form, exc)
    return shown_form(
        request, form, row.name if row else "A new rule", "portal/routing/rule.html", rule=row, found=found
    )


def _previewed(scope: dict[str, object]) -> Preview:
    values = scopes.checked(scope)
    return preview(Mute(**values).scope, values["condition"])


@needs(Right.ROUTE)
@require_POST
def rule_test(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Send a test to those whom the rule would tell first."""
    row = existing(queries.rules().filter(public_id=public_id).first())
    with refusal_as_message(request, done="A test is on its way to everybody whom this rule would tell first."):
        ruling.try_rule(row)
    return redirect("portal:rule", public_id)


@needs(Right.ROUTE)
@require_POST
def rule_end(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """The rule counts no more; it can be put back."""
    row = existing(queries.all_rules().filter(public_id=public_id).first())
    with refusal_as_message(request, done=f"{row.name} counts no more."):
        ruling.end_rule(row, version=version_of(request))
    return redirect("portal:routing")


@needs(Right.ROUTE)
@require_POST
def rule_back(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """An ended rule counts again."""
    row = existing(queries.all_rules().filter(public_id=public_id).first())
    with refusal_as_message(request, done=f"{row.name} counts again."):
        ruling.put_rule_back(row, version=version_of(request))
    return redirect("portal:routing")


@needs(Right.READ)
@require_safe
def mute_list(request: PortalRequest) -> HttpResponse:
    """What is muted, by whom, why, until when, and how much it has kept quiet."""
    return render(request, "portal/routing/mutes.html", {"rows": shown.mute_rows()})


@needs(Right.ROUTE)
def mute_add(request: PortalRequest) -> HttpResponse:
    """A new mute; its preview saves nothing."""
    form, found = MuteForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            if "preview" in request.POST:
                found = _previewed(form.scope)
            else:
                until = form.expires_at(request.tenant.time_zone)
                reason = form.cleaned_data["reason"]
                mutes.add_mute(scope=form.scope, reason=reason, expires_at=until, actor=actor_of(request))
                return redirect("portal:mute_list")
        except DomainError as exc:
            refuse(form, exc)
    return shown_form(request, form, "Mute incidents", "portal/routing/mute.html", found=found)


@needs(Right.ROUTE)
@require_POST
def mute_end(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Take a mute back: what it kept quiet and is still open is told now."""
    row = existing(Mute.objects.filter(public_id=public_id).first())
    with refusal_as_message(request, done="The mute is taken back. What it kept quiet and is open is told now."):
        mutes.end_mute(row, version=version_of(request), actor=actor_of(request))
    return redirect("portal:mute_list")


@needs(Right.ROUTE)
@require_POST
def mute_back(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """A mute that was taken back holds again."""
    row = existing(Mute.objects.filter(public_id=public_id).first())
    with refusal_as_message(request, done="The mute holds again."):
        mutes.put_mute_back(row, version=version_of(request))
    return redirect("portal:mute_list")


@needs(Right.ROUTE)
def window_add(request: PortalRequest) -> HttpResponse:
    """Plan work during which telling is held."""
    form = WindowForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said, zone = form.cleaned_data, request.tenant.time_zone
        try:
            mutes.plan_work(
                name=said["name"], reason=said["reason"], starts_at=form.at("starts_at", zone),
                ends_at=form.at("ends_at", zone), actor=actor_of(request),
            )  # fmt: skip
        except DomainError as exc:
            refuse(form, exc)
        else:
            return redirect("portal:routing")
    return shown_form(request, form, "Planned work", "portal/routing/window.html")


@needs(Right.ROUTE)
@require_POST
def window_end(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """The work is over, or will not be: what was held is told now."""
    row = existing(Window.objects.filter(public_id=public_id).first())
    with refusal_as_message(request, done=f"{row.name} is over. What was held is told now."):
        mutes.end_work(row, version=version_of(request), actor=actor_of(request))
    return redirect("portal:routing")


@needs(Right.ROUTE)
@require_POST
def window_back(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Work that was ended goes on."""
    row = existing(Window.objects.filter(public_id=public_id).first())
    with refusal_as_message(request, done=f"{row.name} goes on."):
        mutes.put_work_back(row, version=version_of(request))
    return redirect("portal:routing")


@needs(Right.READ)
@require_safe
def routing_learned(request: PortalRequest) -> HttpResponse:
    """What people's verdicts on closed incidents ask of new ones, with its arithmetic."""
    return render(request, "portal/routing/learned.html", {"rows": learned(), "policy": queries.policy()})


@needs(Right.ROUTE)
@require_safe
def routing_log(request: PortalRequest) -> HttpResponse:
    """Everything that was or will be said, to whom and why then."""
    page = Paginator(queries.notices(), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "portal/routing/log.html", {"page": page})


def refuse(form: VersionedForm | WindowForm, exc: DomainError) -> None:
    """The refusal stands at its field, or above the form."""
    parts = {"targets": "told", "least_cents": "least", "most_cents": "most", "expires_at": "expires_on"}
    name = parts.get(exc.code, exc.code)
    form.add_error(name if name in form.fields else None, exc.message)


def version_of(request: PortalRequest) -> int:
    """The version that the page was made from; none fits where it names none."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isdecimal() else 0


def shown_form(
    request: PortalRequest, form: VersionedForm | WindowForm, title: str, page: str, **more: object
) -> HttpResponse:
    """The page of one form, as it was filled in."""
    context = {"form": form, "title": title, "vocabulary": VOCABULARY, **more}
    return render(request, page, context, status=422 if form.errors else 200)
