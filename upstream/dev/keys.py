"""Random secrets of one development folder. They are made once and never leave it."""

import base64
import secrets
from dataclasses import asdict, dataclass

from upstream.dev.folder import Folder


@dataclass(frozen=True)
class Keys:
    superuser_password: str
    owner_password: str
    app_password: str
    unwalled_password: str
    redis_password: str
    secret_key: str
    phi_keys: str


def keys_of(folder: Folder) -> Keys:
    """The folder's keys; makes them when there are none. Call with the folder locked when they may be missing."""
    known = folder.read("secrets")
    if set(known) != set(Keys.__dataclass_fields__):
        known = asdict(_new_keys()) | known
        folder.write("secrets", known)
    return Keys(**known)


def _new_keys() -> Keys:
    return Keys(
        superuser_password=secrets.token_hex(24),
        owner_password=secrets.token_hex(24),
        app_password=secrets.token_hex(24),
        unwalled_password=secrets.token_hex(24),
        redis_password=secrets.token_hex(24),
        secret_key=secrets.token_urlsafe(64),
        phi_keys=f"dev1:{base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}",
    )
