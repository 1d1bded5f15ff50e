"""Verbs on the people of the bound organization, and the links by which people set a password."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from upstream.core.errors import Conflict, Invalid
from upstream.tenants.choices import Role
from upstream.tenants.models import Membership, User
from upstream.tenants.services import add_member

LINK_PATH = "/portal/password/"
SIGN_IN_PATH = "/portal/sign-in/"
NPI_LENGTH = 10
ROLES = tuple((role.value, role.label) for role in Role if role != Role.STAFF)


def password_link(user: User) -> str:
    """Where this person sets a password: once, within PASSWORD_RESET_TIMEOUT. In the query, which no log holds."""
    key = {"who": urlsafe_base64_encode(force_bytes(user.pk)), "key": default_token_generator.make_token(user)}
    return f"{settings.PORTAL_BASE_URL}{LINK_PATH}?{urlencode(key)}"


def mail_password_link(user: User) -> None:
    """The link is mailed; that the mail server is away is not told, lest the answer say who is known."""
    _mail(user, "password_link", password_link(user))


def add_person(*, email: str, role: str) -> Membership:
    """A member with this role, told so by mail after the commit, with a link to set a password where there is none.

    A former member comes back. Conflict("member_already") for an active one; Invalid("role") for a role that a
    practice does not give.
    """
    _check(role)
    with transaction.atomic():
        former = Membership.objects.filter(user__email=email.lower()).first()
        if former is not None and former.active:
            raise Conflict("member_already", "this person is a member already")
        membership = former or add_member(email=email, role=role)
        membership.role, membership.active = role, True
        membership.save(update_fields=["role", "active"])
        person = membership.user
        transaction.on_commit(lambda: _tell(person))
    return membership


def change_role(membership: Membership, *, role: str, by: User) -> None:
    """The member has this role from the next request on. Invalid for one's own membership."""
    _check(role)
    _not_own(membership, by)
    membership.role = role
    membership.save(update_fields=["role"])


def set_provider(membership: Membership, *, npi: str) -> None:
    """The member sees what waits for the provider with this number; "" for none. Invalid for what is no NPI."""
    npi = npi.strip()
    if npi and not (npi.isdecimal() and npi.isascii() and len(npi) == NPI_LENGTH):
        raise Invalid("npi", "a provider number has ten digits")
    membership.provider_npi = npi
    membership.save(update_fields=["provider_npi"])


def deactivate(membership: Membership, *, by: User) -> None:
    """The person's next request finds no way into this organization. Invalid for one's own membership."""
    _not_own(membership, by)
    membership.active = False
    membership.save(update_fields=["active"])


def _check(role: str) -> None:
    if role not in dict(ROLES):
        raise Invalid("role", "this is no role that a practice gives")


def _not_own(membership: Membership, by: User) -> None:
    if membership.user_id == by.pk:
        raise Invalid("own_membership", "another owner changes your own membership, so that one always remains")


def _tell(user: User) -> None:
    known = user.has_usable_password()
    _mail(user, "member_added", f"{settings.PORTAL_BASE_URL}{SIGN_IN_PATH}" if known else password_link(user))


def _mail(user: User, template: str, link: str) -> None:
    context = {"link": link, "minutes": settings.PASSWORD_RESET_TIMEOUT // 60, "known": user.has_usable_password()}
    subject = render_to_string(f"email/{template}/subject.txt").strip()
    body = render_to_string(f"email/{template}/body.txt", context)
    send_mail(subject, body, None, [user.email], fail_silently=True)
