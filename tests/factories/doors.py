"""Second factors of people in tests: seeds that the test knows, and codes as an app shows them."""

import base64
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from upstream.tenants.accounts import factors
from upstream.tenants.models import User

SEED = base64.b32encode(b"twenty bytes of seed").decode()


def app_of(user: User) -> Authenticator:
    """The person has an authenticator app, whose seed is SEED."""
    return Authenticator.objects.create(user=user, type=factors.APP, data={"secret": factors.seal(SEED)})


def code(*, seed: str = SEED, steps: int = 0) -> str:
    """What the app shows now, or some half minutes later or earlier."""
    return str(format_hotp_value(hotp_value(seed, int(time.time()) // 30 + steps)))
