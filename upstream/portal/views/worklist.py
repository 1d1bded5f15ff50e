"""The worklist: denied claims by their deadlines, acts upon many of them, and the calendar of one's own."""

import hashlib
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.functional import cached_property
from django.utils.http import quote_etag
from django.views.decorators.http import require_POST, require_safe

from upstream.core import clock, tenancy
from upstream.core.errors import Invalid, NotAllowed
from upstream.portal import words
from upstream.portal.access import PortalRequest, actor_of, may, needs, refusal_as_message
from upstream.portal.queries.worklist import rows_of, undoable
from upstream.portal.worklist_forms import BulkForm, WorklistForm
from upstream.tenants.choices import Right
from upstream.worklist import feeds, queries, services
from upstream.worklist.choices import Show
from upstream.worklist.models import Act, Feed, Item

PAGE = 50


class CountedPaginator(Paginator):
    """Pages of rows whose number is known already."""

    def __init__(self, rows: QuerySet[Item, int], number: int) -> None:
        super().__init__(rows, PAGE)
        self.number = number

    @cached_property
    def count(self) -> int:
        return self.number


@needs(Right.READ)
@require_safe
def worklist(request: PortalRequest) -> HttpResponse:
    """Denials in the order of their deadlines, then of what should come back."""
    today = clock.today(request.tenant.time_zone)
    form = WorklistForm(request.membership, request.GET)
    wanted = form.wanted
    found = queries.listed(wanted, today)
    sums = queries.sums_of(found)
    # Ids first: pages far down pass many rows over, which are read with their claims only once they are shown.
    page = CountedPaginator(found.values_list("pk", flat=True), sums.claims).get_page(request.GET.get("page"))
    context = {
        "form": form, "wanted": wanted, "today": today, "sums": sums, "page": page,
        "rows": rows_of(queries.in_order(page), today), "filters": filters_of(request.GET), "shows": Show.choices,
        "bulk_form": BulkForm() if may(request, Right.WORK) else None,
        "undoable": undoable(actor_of(request)) if may(request, Right.WORK) else None,
    }  # fmt: skip
    return render(request, "portal/worklist/list.html", context)


@needs(Right.WORK)
@require_POST
def bulk(request: PortalRequest) -> HttpResponse:
    """Assign or move the claims that were ticked, or all that the list holds, in one act."""
    filters = QueryDict(request.POST.get("filters", ""))
    form = BulkForm(request.POST)
    with refusal_as_message(request):
        if not form.is_valid():
            raise Invalid("bulk", "choose what to do with these claims")
        whole = whole_list(request, services.MOST_ITEMS) if form.cleaned_data["whole"] else None
        act = _done(form, whole, actor_of(request))
        count = words.counted(act.items, "claim") if act else "Nothing"
        messages.success(request, f"{count} changed." if act else "Nothing to change: all stood so already.")
    return redirect(_address(filters))


def whole_list(request: PortalRequest, most: int) -> list[Item]:
    """Everything that the list asked for holds, not only its page; one more than `most` where that is not all."""
    wanted = WorklistForm(request.membership, QueryDict(request.POST.get("filters", ""))).wanted
    return list(queries.listed(wanted, clock.today(request.tenant.time_zone))[: most + 1])


def _done(form: BulkForm, whole: list[Item] | None, actor: str) -> Act | None:
    seen = None if whole is not None else {row.public_id: row.version for row in form.chosen}
    items = whole if seen is None else list(queries.items().filter(public_id__in=seen))
    if not items:
        raise Invalid("nothing_chosen", "tick the claims first")
    shown_at = form.cleaned_data["shown_at"]
    if seen is None and shown_at is not None:
        changed = [row.public_id for row in items if row.changed_at > shown_at]
        if changed:
            raise services.Changed(changed)
    if seen is not None and len(items) < len(seen):
        raise Http404
    told = form.cleaned_data
    if told["act"] == "assign":
        return services.assign(items, member=told["member"], actor=actor, seen=seen)
    return services.step(items, to_step=told["to_step"], actor=actor, seen=seen)


@needs(Right.WORK)
@require_POST
def act_undo(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Take one's own act back, whole."""
    act = queries.act(public_id)
    if act is None:
        raise Http404
    with refusal_as_message(request):
        undone = services.undo(act, actor=actor_of(request))
        left = act.items - undone.items
        messages.success(request, f"Taken back for {words.counted(undone.items, 'claim')}." + (
            f" {words.counted(left, 'claim was', 'claims were')} changed since and left alone." if left else ""
        ))  # fmt: skip
    return redirect(_address(QueryDict(request.POST.get("filters", ""))))


@needs(Right.READ)
@require_safe
def calendar(request: PortalRequest) -> HttpResponse:
    """One's own calendar address: whether there is one, and how to make or end it."""
    return _calendar(request)


@needs(Right.READ)
@require_POST
def calendar_change(request: PortalRequest) -> HttpResponse:
    """A new address, shown once, or none any more."""
    if request.POST.get("act") != "make":
        feeds.revoke_feed(request.membership)
        messages.success(request, "The address answers nobody any more.")
        return redirect("portal:worklist_calendar")
    _, key = feeds.make_feed(request.membership, everybody=bool(request.POST.get("everybody")))
    path = reverse("portal:deadlines")
    return _calendar(request, address=f"{settings.PORTAL_BASE_URL}{path}?{urlencode({'key': key})}")


def _calendar(request: PortalRequest, address: str = "") -> HttpResponse:
    feed = Feed.objects.filter(member=request.membership, revoked_at=None).first()
    return render(request, "portal/worklist/calendar.html", {"feed": feed, "address": address})


@require_safe
def deadlines(request: HttpRequest) -> HttpResponse:
    """The calendar behind a secret address, for programs without a session; 404 for an address that is not in use."""
    try:
        practice, key = feeds.practice_of_key(request.GET.get("key", ""))
        if tenancy.current() not in (None, practice.pk):
            raise Http404
        with tenancy.bind(practice.pk):
            content = feeds.calendar_of(key)
    except NotAllowed as exc:
        raise Http404 from exc
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["ETag"] = quote_etag(hashlib.sha256(content).hexdigest()[:32])
    response["Cache-Control"] = "private, no-cache"
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


def filters_of(query: QueryDict) -> str:
    """The list's question without the page of it."""
    kept = query.copy()
    kept.pop("page", None)
    return kept.urlencode()


def _address(filters: QueryDict) -> str:
    query = filters_of(filters)
    return reverse("portal:worklist") + (f"?{query}" if query else "")
