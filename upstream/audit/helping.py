"""What others may do to a person's account: take lost factors away, end sessions, invite again. Written down, told."""

from django.db import transaction

from upstream.audit import accounts as history
from upstream.core import tenancy
from upstream.core.errors import Invalid, NotAllowed
from upstream.tenants import people
from upstream.tenants.accounts import factors, notices, sessions
from upstream.tenants.models import Membership, User

SHORTEST_REASON = 8


def reset_factors(person: User, *, by: str, reason: str) -> int:
    """The person signs in by password alone next time, and is asked to set a factor up anew; how many were removed.

    Every session ends, and the person is told by mail. Invalid("reason") without a reason of some words.
    """
    if len(reason.strip()) < SHORTEST_REASON:
        raise Invalid("reason", "say why, such as how the person proved who they are")
    with transaction.atomic():
        removed = factors.remove_all(person)
        sessions.end_all(person)
        history.note(person, "factors_reset", by=by, why=reason.strip())
        transaction.on_commit(lambda: notices.tell(person, "Your second factors were taken away on request"))
    return removed


def reset_member(member: Membership, *, by: User, reason: str) -> int:
    """`reset_factors` by an owner; NotAllowed for oneself, and for a person whom another practice knows too."""
    if member.user_id == by.pk:
        raise NotAllowed("own_account", "your own factors are on your account page")
    if member.user.is_staff or _practices(member.user) > 1:
        raise NotAllowed("not_yours_alone", "this person works for another practice, too; ask Upstream's staff")
    return reset_factors(member.user, by=f"user:{by.public_id}", reason=reason)


def end_sessions(member: Membership, *, by: User) -> None:
    """Wherever the member is signed in, the next request finds nothing."""
    with transaction.atomic():
        sessions.end_all(member.user)
        history.note(member.user, "sessions_ended", by=f"user:{by.public_id}")


def invite_again(member: Membership, *, by: User) -> None:
    """A member without a password gets another link; Conflict for one who has a password."""
    with transaction.atomic():
        people.invite_again(member)
        history.note(member.user, "invited_again", by=f"user:{by.public_id}")


def _practices(person: User) -> int:
    with tenancy.acting_as(person.pk):
        return Membership.own.filter(user=person, active=True).count()
