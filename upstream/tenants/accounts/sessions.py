"""Where a person is signed in, and how that ends: one session, or all at once by counting their epoch up."""

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import F

from upstream.core import clock
from upstream.core.visitors import device_of
from upstream.tenants.models import User


@dataclass(frozen=True)
class OpenSession:
    """One browser in which the person is signed in."""

    number: int
    device: str
    address: str
    since: datetime
    last_seen: datetime
    is_here: bool


def open_sessions(user: User, current_key: str | None) -> list[OpenSession]:
    """Newest first; rows whose session is over by itself are left out. Two queries."""
    rows = list(UserSession.objects.filter(user=user).order_by("-last_seen_at"))
    keys = [row.session_key for row in rows]
    live = Session.objects.filter(session_key__in=keys, expire_date__gt=clock.now())
    alive = set(live.values_list("session_key", flat=True))
    return [
        OpenSession(
            row.pk, device_of(row.user_agent), row.ip, row.created_at, row.last_seen_at, row.session_key == current_key
        )
        for row in rows
        if row.session_key in alive
    ]


def touch(session_key: str | None) -> None:
    """The session was used now."""
    UserSession.objects.filter(session_key=session_key).update(last_seen_at=clock.now())


def end_session(user: User, number: int) -> bool:
    """That session of this person is over with its next request; False when it is none of theirs."""
    found = UserSession.objects.filter(user=user, pk=number).first()
    if found is None:
        return False
    found.end()
    return True


def keep_only(user: User, former_key: str | None, key: str | None) -> None:
    """One session is listed, under its new key; a new password has ended the others."""
    UserSession.objects.filter(user=user).exclude(session_key=former_key).delete()
    UserSession.objects.filter(session_key=former_key).update(session_key=key)


def end_all(user: User) -> None:
    """Every session of this person, known to us or not, is over with its next request."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    keys = UserSession.objects.filter(user=user).values_list("session_key", flat=True)
    Session.objects.filter(session_key__in=list(keys)).delete()
    UserSession.objects.filter(user=user).delete()
    user.refresh_from_db(fields=["session_epoch"])
