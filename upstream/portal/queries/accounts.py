"""What the account pages and the people page show."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator

from upstream.audit import accounts as history
from upstream.audit.models import AccountEvent
from upstream.portal.account_words import account_act
from upstream.tenants.accounts import factors, sessions
from upstream.tenants.accounts.sessions import OpenSession
from upstream.tenants.models import User

NEWEST = 20


@dataclass(frozen=True)
class Factor:
    """An app or a passkey."""

    number: int
    kind: str
    name: str
    since: datetime
    last_used: datetime | None


@dataclass(frozen=True)
class Event:
    """One act on the account, in words."""

    entry: AccountEvent

    @property
    def words(self) -> str:
        return account_act(self.entry.act)


@dataclass(frozen=True)
class Account:
    """What a person's own page shows."""

    factors: list[Factor]
    sessions: list[OpenSession]
    events: list[Event]

    @property
    def has_app(self) -> bool:
        return any(one.kind == factors.APP for one in self.factors)


def account_of(user: User, session_key: str | None) -> Account:
    """Four queries, however much there is."""
    found = [_factor(one) for one in factors.factors_of(user) if one.type != factors.CODES]
    events = [Event(entry) for entry in history.history(user)[:NEWEST]]
    return Account(found, sessions.open_sessions(user, session_key), events)


def _factor(one: Authenticator) -> Factor:
    name = one.data["name"] if one.type == factors.PASSKEY else "Authenticator app"
    return Factor(one.pk, one.type, name, one.created_at, one.last_used_at)
