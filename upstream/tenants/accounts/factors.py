"""Second factors: which a person has, whether this session used one, and what opens with a code, once.

Seeds are sealed under the key ring. A code of an app counts for its own half minute and the two beside it, and no code
twice (RFC 6238, 5.2): the last half minute used stands beside the seed, so that nothing is forgotten with a cache.
"""

import base64
import hmac
import time
from collections.abc import Iterable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.db import transaction
from django.http import HttpRequest

from upstream.core.phi import keyring
from upstream.tenants.models import User

FRESH_SECONDS = 300
PLACE = keyring.place(0, "mfa_authenticator", "data", b"")
APP, PASSKEY, CODES = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES
SECRETS = {APP: "secret", CODES: "seed"}


def seal(secret: str) -> str:
    return base64.b64encode(keyring.seal(secret.encode(), secret=b"", where=PLACE)).decode()


def unseal(sealed: str) -> str:
    return keyring.unseal(base64.b64decode(sealed), secret=b"", where=PLACE).decode()


def factors_of(user: User) -> list[Authenticator]:
    """Apps and passkeys with the recovery codes, oldest first."""
    return list(Authenticator.objects.filter(user=user).order_by("created_at", "pk"))


def has_factor(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type__in=[APP, PASSKEY]).exists())


def with_factor(users: Iterable[int]) -> dict[int, set[str]]:
    """User id to the kinds of factors that they have. One query."""
    found: dict[int, set[str]] = {}
    for user_id, kind in Authenticator.objects.filter(user_id__in=list(users)).values_list("user_id", "type"):
        found.setdefault(user_id, set()).add(kind)
    return found


def used_in(request: HttpRequest) -> bool:
    """Whether this session was opened, or confirmed since, by a second factor. Asks no database."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person proved themselves in the last five minutes: by a factor, where they have one."""
    since = time.time() - FRESH_SECONDS
    recent = [r for r in get_authentication_records(request, request.user) if r.get("at", 0) > since]
    if any(record.get("method") == "mfa" for record in recent):
        return True
    return bool(recent) and isinstance(request.user, User) and not has_factor(request.user)


def spend(user: User, code: str) -> Authenticator | None:
    """The app or recovery codes that this code is of, which it opens this once; None for a wrong or used one."""
    given = "".join(code.split())
    with transaction.atomic():
        for factor in Authenticator.objects.select_for_update().filter(user=user, type__in=SECRETS).order_by("-type"):
            if _spend_step(factor, given) if factor.type == APP else factor.wrap().validate_code(given):
                return factor
    return None


def _spend_step(factor: Authenticator, code: str) -> bool:
    seed, last = unseal(factor.data["secret"]), factor.data.get("last_step", 0)
    for step in yield_hotp_counters_from_time():
        if step > last and hmac.compare_digest(format_hotp_value(hotp_value(seed, step)).encode(), code.encode()):
            factor.data["last_step"] = step
            factor.save(update_fields=["data"])
            return True
    return False


def remove_all(user: User) -> int:
    """Nothing but the password is asked of this person next time; how many factors they had."""
    removed = Authenticator.objects.filter(user=user).exclude(type=CODES).count()
    Authenticator.objects.filter(user=user).delete()
    return removed


def reseal_all() -> int:
    """Every seed is under the newest key of the ring; how many moved. Restartable."""
    moved = 0
    for number in list(Authenticator.objects.filter(type__in=SECRETS).values_list("pk", flat=True)):
        with transaction.atomic():
            factor = Authenticator.objects.select_for_update().filter(pk=number).first()
            moved += int(factor is not None and _reseal(factor))
    return moved


def _reseal(factor: Authenticator) -> bool:
    name = SECRETS[factor.type]
    data: dict[str, Any] = factor.data
    if keyring.key_id_of(base64.b64decode(data[name])) == keyring.newest_key_id():
        return False
    data[name] = seal(unseal(data[name]))
    factor.save(update_fields=["data"])
    return True
