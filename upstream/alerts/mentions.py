"""Members that a comment names by @, who get a mail with a link and nothing else."""

from collections import Counter
from collections.abc import Iterable

from django.conf import settings

from upstream.alerts.life_rules import mentioned
from upstream.alerts.models import Incident, Transition
from upstream.delivery import addresses
from upstream.delivery.services import queue_mail
from upstream.tenants.choices import Right
from upstream.tenants.models import Membership
from upstream.tenants.queries import active_members


def handles(members: Iterable[Membership]) -> dict[str, Membership]:
    """By what each member is called: address up to the @, whole name with a full stop, first name.

    What two members share is nobody's.
    """
    names = [(handle, member) for member in members for handle in _own(member)]
    counts = Counter(handle for handle, _ in names)
    return {handle: member for handle, member in names if counts[handle] == 1}


def handle_of(member: Membership) -> str:
    """What the pages offer: the address up to the @."""
    return str(member.user.email).partition("@")[0].lower()


def _own(member: Membership) -> set[str]:
    user = member.user
    whole = ".".join(f"{user.first_name} {user.last_name}".lower().split())
    return {name for name in (handle_of(member), whole, user.first_name.lower()) if name}


def tell(incident: Incident, step: Transition, text: str, *, actor: str) -> tuple[list[Membership], list[str]]:
    """A mail for each member named who may see incidents, gets mail and is not the author; and who gets none."""
    known = handles(active_members())
    named, untold = mentioned(text, known)
    told = []
    without_mail = addresses.stopped().keys() if named else ()
    for name in named:
        member = known[name]
        if f"user:{member.user.public_id}" == actor or member in told:
            continue
        if Right.READ not in member.rights or not member.wants_mail or member.pk in without_mail:
            untold.append(name)
            continue
        link = f"{settings.PORTAL_BASE_URL}/portal/incidents/{incident.public_id}/"
        queue_mail("incident_mention", about=str(step.public_id), recipient=member, context={"link": link})
        told.append(member)
    return told, untold
