"""Where "unsubscribe" in a mail leads: one click stops it, without signing in; a look alone stops nothing."""

import uuid

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from upstream.core import tenancy
from upstream.delivery.stopping import Stop, said_by
from upstream.reports import definitions, queries
from upstream.tenants.models import Membership


@csrf_exempt
@never_cache
@transaction.non_atomic_requests
@require_http_methods(["GET", "HEAD", "POST"])
def stop_mail(request: HttpRequest) -> HttpResponse:
    """A button on GET, which programmes that follow links press not; the deed on POST. Repeating changes nothing."""
    key = request.GET.get("key", "")
    stop = said_by(key)
    if stop is None or tenancy.current() not in (None, stop.practice):
        raise Http404
    with tenancy.bind(stop.practice), transaction.atomic():
        what = _stopped(stop) if request.method == "POST" else ""
    return render(request, "portal/stop_mail.html", {"key": key, "what": what, "of_report": bool(stop.report)})


def _stopped(stop: Stop) -> str:
    """The wish is written down, if the member is still one; what it stops, in words."""
    member = Membership.objects.filter(pk=stop.member).first()
    if not stop.report:
        if member is not None and member.wants_mail:
            member.wants_mail = False
            member.save(update_fields=["wants_mail"])
        return "No notices and no reports of this practice are mailed to you any more."
    row = queries.definition(uuid.UUID(stop.report))
    if member is not None and row is not None:
        definitions.subscribe(row, member, wanted=False)
    return "This report is mailed to you no more."
