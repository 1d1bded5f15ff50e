"""What a person did to their account is written down and, where it changes who gets in, mailed to them."""

import hashlib

from django.http import HttpRequest

from upstream.audit import accounts as history
from upstream.core.visitors import address_of, device_of
from upstream.tenants.accounts import notices
from upstream.tenants.models import User

DEVICE_COOKIE = "device"
TOLD = {
    "app_added": "An authenticator app was added to your account",
    "passkey_added": "A passkey was added to your account",
    "factor_removed": "An app or a passkey was removed from your account",
    "recovery_codes_made": "New recovery codes were made for your account",
    "password_changed": "Your password was changed",
    "password_reset": "A password was set for your account by a mailed link",
}


def where(request: HttpRequest) -> history.Where:
    """From which address and browser this request comes."""
    cookie = request.COOKIES.get(DEVICE_COOKIE, "")
    return history.Where(address_of(request), device_of(request.headers.get("User-Agent", "")), device_key(cookie))


def device_key(cookie: str) -> str:
    """The digest by which a browser is known, "" without a cookie."""
    return hashlib.sha256(cookie.encode()).hexdigest() if cookie else ""


def note(request: HttpRequest, person: User, act: str) -> None:
    """`act` is in the history and the access log, and the person is told of what concerns the way in."""
    at = where(request)
    history.note(person, act, where=at)
    if act in TOLD:
        notices.tell(person, TOLD[act], where=at.device)


def note_refusal(request: HttpRequest, person: User | None, act: str, *, why: str = "") -> None:
    """A try that failed is in the history and the access log; `person` is None where nobody has that address."""
    history.note(person, act, where=where(request), why=why, outcome="refused")
