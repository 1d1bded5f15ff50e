"""Keys of the links by which people set a password: signed, for one account as it stands now, and for a while."""

from typing import Any

from django.conf import settings
from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from upstream.tenants.models import User

SALT = "upstream.password-link"


class Links:
    """In the shape that Django's password views ask for. A link is over once a password was set or a sign-in done."""

    def make_token(self, user: User, *, invites: bool = False) -> str:
        """Holds for INVITATION_SECONDS when it invites, else for PASSWORD_RESET_TIMEOUT."""
        return signing.dumps({"state": _state(user), "invites": invites}, salt=SALT)

    def check_token(self, user: User | None, token: str | None) -> bool:
        if user is None or not token:
            return False
        said = _read(token, settings.INVITATION_SECONDS)
        if said is not None and not said["invites"]:
            said = _read(token, settings.PASSWORD_RESET_TIMEOUT)
        return said is not None and constant_time_compare(said["state"], _state(user))


LINKS = Links()


def _read(token: str, seconds: int) -> dict[str, Any] | None:
    try:
        said: dict[str, Any] = signing.loads(token, salt=SALT, max_age=seconds)
    except signing.BadSignature:
        return None
    return said


def _state(user: User) -> str:
    since = user.last_login.isoformat() if user.last_login else ""
    return salted_hmac(SALT, f"{user.pk}|{user.email}|{user.password}|{since}", algorithm="sha256").hexdigest()
