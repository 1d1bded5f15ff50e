"""The account package's hooks: nobody signs up, its own pages and mails are never seen, and each sign-in is noted."""

import secrets
from io import BytesIO
from typing import Any

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from qrcode.image.svg import SvgPathFillImage

from upstream.audit import accounts as history
from upstream.core.visitors import address_of
from upstream.portal.accounts.acts import DEVICE_COOKIE, device_key, where
from upstream.tenants.accounts import factors, notices
from upstream.tenants.models import User

DEVICE_SECONDS = 400 * 24 * 3600


class SecondStep(AuthenticateStage):
    """After the password: a code or a passkey, where the person has one."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        if not self._should_handle(self.request):
            return None, True
        return HttpResponseRedirect(reverse("portal:second_step")), True


class Accounts(DefaultAccountAdapter):
    """Accounts are made by owners alone; what people read comes from our own pages and mails."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request) or "0.0.0.0"  # noqa: S104  # no address to listen on: "unknown", in a column of them

    def get_login_stages(self) -> list[str]:
        return [f"{SecondStep.__module__}.{SecondStep.__qualname__}"]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        return not factors.is_fresh(context.request)

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *_args: Any, **_kwargs: Any
    ) -> None:
        """Our views say what was done."""

    def send_notification_mail(self, *_args: Any, **_kwargs: Any) -> None:
        """Our views tell what was done: see acts.py."""

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        messages.error(request, "This account is closed.")
        return HttpResponseRedirect(reverse("portal:login"))

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """The sign-in is noted; a browser that the person never used before is told to them by mail."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        at = where(request)
        if not at.device_key:
            cookie = secrets.token_urlsafe(24)
            at = history.Where(at.address, at.device, device_key(cookie))
            response.set_cookie(
                DEVICE_COOKIE, cookie, max_age=DEVICE_SECONDS, httponly=True, samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )  # fmt: skip
        is_new = history.is_new_device(user, at)
        history.note(user, history.SIGN_IN, where=at, why="second factor" if factors.used_in(request) else "password")
        if is_new:
            notices.tell(user, "Somebody signed in to your account from a browser that was not used before",
                         where=at.device)  # fmt: skip
        return response


class Factors(DefaultMFAAdapter):
    """Seeds stand sealed in the database."""

    def encrypt(self, text: str) -> str:
        return factors.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return factors.unseal(encrypted_text)

    def build_totp_svg(self, url: str) -> str:
        """On white, which a camera needs in the dark scheme, too."""
        drawn = BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(drawn)
        return drawn.getvalue().decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": context.request.get_host().partition(":")[0], "name": "Upstream"}
