"""Verbs on the people of the bound organization, and the links by which people set a password."""

from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from upstream.core.errors import Conflict, Invalid
from upstream.tenants.accounts.links import LINKS
from upstream.tenants.accounts.notices import mail
from upstream.tenants.choices import Role
from upstream.tenants.models import Membership, User
from upstream.tenants.samples import refuse_in_sample
from upstream.tenants.services import add_member

LINK_PATH = "/portal/password/"
SIGN_IN_PATH = "/portal/sign-in/"
NPI_LENGTH = 10
ROLES = tuple((role.value, role.label) for role in Role if role != Role.STAFF)


def password_link(user: User, *, invites: bool = False) -> str:
    """Where this person sets a password, once: within days for an invitation, else within PASSWORD_RESET_TIMEOUT.

    In the query, which no log holds.
    """
    key = {"who": urlsafe_base64_encode(force_bytes(user.pk)), "key": LINKS.make_token(user, invites=invites)}
    return f"{settings.PORTAL_BASE_URL}{LINK_PATH}?{urlencode(key)}"


def mail_password_link(user: User) -> None:
    """The link is mailed; that the mail server is away is not told, lest the answer say who is known."""
    context = {"link": password_link(user), "minutes": settings.PASSWORD_RESET_TIMEOUT // 60}
    mail(user.email, "password_link", context)


def add_person(*, email: str, role: str) -> Membership:
    """A member with this role, told so by mail after the commit, with a link to set a password where there is none.

    A former member comes back. Conflict("member_already") for an active one; Invalid("role") for a role that a
    practice does not give; Conflict("sample_practice") in a sample, into which nobody is invited.
    """
    _check(role)
    with transaction.atomic():
        refuse_in_sample("add people to your own practice, and each can open it there")
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


def invite_again(membership: Membership) -> None:
    """A member who never set a password gets a new link by mail; the earlier ones hold as long as they did.

    Conflict("has_password") for one who did, or whose membership has ended.
    """
    if not membership.active or membership.user.has_usable_password():
        raise Conflict("has_password", "this person has a password; a new one is asked for on the sign-in page")
    _tell(membership.user)


def _tell(user: User) -> None:
    known = user.has_usable_password()
    link = f"{settings.PORTAL_BASE_URL}{SIGN_IN_PATH}" if known else password_link(user, invites=True)
    mail(user.email, "member_added", {"link": link, "days": settings.INVITATION_SECONDS // 86400, "known": known})
