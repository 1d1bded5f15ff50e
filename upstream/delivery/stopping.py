"""A click on "unsubscribe" in a mail programme (RFC 8058): the address that a mail carries, and what it says.

The address holds ids and a signature; no person, no claim. It opens nothing: all that it can do is to stop mail.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse

from upstream.delivery.models import Outbox
from upstream.tenants.queries import bound_organization, practice_with

SALT = "delivery.stop"
OF_NOTICES = frozenset({"digest", "incident_mention", "incident_opened", "notice"})
OF_REPORTS = frozenset({"report_failed", "report_ready"})


@dataclass(frozen=True)
class Stop:
    """Who wants no more mail: of the report with this id, or of any notice where it is ""."""

    practice: int
    member: int
    report: str


def headers(message: Outbox) -> dict[str, str]:
    """What lets the reader's programme stop such mail; nothing for mail that concerns an account, which always goes."""
    report = str(message.context.get("definition", ""))
    if not (message.template in OF_NOTICES or (message.template in OF_REPORTS and report)):
        return {}
    said = [bound_organization().public_id.hex, message.recipient_id, report]
    address = f"{settings.PORTAL_BASE_URL}{reverse('portal:stop_mail')}?key={signing.dumps(said, salt=SALT)}"
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def said_by(key: str) -> Stop | None:
    """What the address asks for; None for one that was not signed here, or of no practice any more."""
    try:
        public_id, member, report = signing.loads(key, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    practice = practice_with(public_id)
    return None if practice is None else Stop(practice, member, report)
