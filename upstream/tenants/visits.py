"""Our staff look at a practice's portal as one of its members sees it: for a reason, for a while, in everybody's sight.

They change nothing and open no patient's values. The practice's own row says until when, so that each page can show
it without asking anything more, and so that the practice can end it.
"""

from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from upstream.core import clock, tenancy
from upstream.core.errors import Conflict, NotAllowed
from upstream.tenants.accounts.notices import mail
from upstream.tenants.choices import Role
from upstream.tenants.models import Membership, Organization, User

VISIT_KEY = "visit"
LASTS = timedelta(minutes=30)
ACCESS_LOG_PATH = "/portal/access-log/"


def begin(request: HttpRequest, member: Membership, *, reason: str) -> Organization:
    """This staff session sees the bound practice as `member` for half an hour; its owners are told by mail at once.

    NotAllowed for who is not staff; Conflict while another visit lasts.
    """
    if not (isinstance(request.user, User) and request.user.is_staff):
        raise NotAllowed("staff", "only our staff visit")
    now = clock.now()
    practice = Organization.objects.select_for_update().get(pk=tenancy.required())
    if practice.visited_until is not None and practice.visited_until > now:
        raise Conflict("visited", "somebody of the staff is there already")
    practice.visited_until, practice.visited_because = now + LASTS, reason
    practice.save(update_fields=["visited_until", "visited_because"])
    request.session[VISIT_KEY] = [practice.pk, member.pk]
    owners = Membership.objects.filter(active=True, role=Role.OWNER, user__is_active=True)
    told = {
        "practice": practice.name, "member": member.user.email, "reason": reason,
        "until": f"{practice.visited_until:%H:%M} UTC", "link": f"{settings.PORTAL_BASE_URL}{ACCESS_LOG_PATH}",
    }  # fmt: skip
    for address in owners.values_list("user__email", flat=True):
        transaction.on_commit(partial(mail, address, "staff_visit", told))
    return practice


def end(practice: Organization) -> None:
    """Nobody of the staff sees the practice from the next request on."""
    practice.visited_until, practice.visited_because = None, ""
    practice.save(update_fields=["visited_until", "visited_because"])


def visited_member(request: HttpRequest) -> Membership | None:
    """Whom this session visits as, with the practice; None, and no visit any more, once it is over."""
    tenant_id, member_id = request.session[VISIT_KEY]
    with tenancy.directory(), tenancy.bind(tenant_id), transaction.atomic():
        practice = Organization.objects.get(pk=tenant_id)
        member = Membership.objects.select_related("user").filter(pk=member_id, active=True).first()
    lasts = practice.visited_until is not None and practice.visited_until > clock.now()
    if not lasts or member is None or not getattr(request.user, "is_staff", False):
        del request.session[VISIT_KEY]
        return None
    member.tenant, member.visited = practice, True
    return member


def may_pass(request: HttpRequest) -> bool:
    """A visit looks; the only acts it may do are to end itself and to sign out."""
    return request.method in {"GET", "HEAD"} or request.path in {reverse("portal:visit_end"), reverse("portal:logout")}
