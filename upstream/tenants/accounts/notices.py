"""Mails about one's own account: short, to the address of the account, and without a link that signs in."""

from collections.abc import Mapping

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from upstream.tenants.models import User

ACCOUNT_PATH = "/portal/account/"


def tell(user: User, what: str, *, where: str = "") -> None:
    """The person is told that `what` ("Your password was changed") happened, and what to do if it was not them.

    `where` is a browser in words. That the mail server is away is not told: the act itself stands.
    """
    context = {"what": what, "where": where, "link": f"{settings.PORTAL_BASE_URL}{ACCOUNT_PATH}"}
    mail(user.email, "account_changed", context)


def mail(to: str, template: str, context: Mapping[str, object]) -> None:
    """One plain mail of the named template, at once: its words or links are for one person, and stand in no queue."""
    subject = render_to_string(f"email/{template}/subject.txt", dict(context)).strip()
    send_mail(subject, render_to_string(f"email/{template}/body.txt", dict(context)), None, [to], fail_silently=True)
