"""What people send us about their accounts."""

import json
from typing import Any

from allauth.core import context, ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from upstream.tenants.accounts import factors
from upstream.tenants.models import Organization, User
from upstream.tenants.rules import IDLE_MINUTES, allowed_policies, stricter

WRONG_CODE = "This code is wrong, or was used already."
TOO_MANY = "There were too many wrong codes. Wait 15 minutes."


def _code_widget() -> forms.TextInput:
    return forms.TextInput(
        attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "spellcheck": "false"}
    )


class CodeForm(forms.Form):
    """A code of an app or a recovery code; what it opened is `factor`."""

    code = forms.CharField(label="Code", max_length=20, widget=_code_widget())

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.factor: Authenticator | None = None

    def clean_code(self) -> str:
        limit = {"action": "second_step_failed", "key": str(self.user.public_id)}
        if not ratelimit.consume(context.request, **limit):
            raise ValidationError(TOO_MANY, code="too_many")
        self.factor = factors.spend(self.user, self.cleaned_data["code"])
        if self.factor is None:
            raise ValidationError(WRONG_CODE, code="wrong_code")
        ratelimit.clear(context.request, **limit)
        return str(self.cleaned_data["code"])


class PasswordForm(forms.Form):
    """One's own password once more; django-axes counts the wrong ones as it does at the sign-in."""

    password = forms.CharField(
        label="Password", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class AppForm(ActivateTOTPForm):
    """The first code of an authenticator app, which shows that it holds the seed."""

    code = forms.CharField(label="Code that the app shows", max_length=20, widget=_code_widget())

    def clean_code(self) -> str:
        try:
            return str(super().clean_code())
        except ValidationError as exc:
            raise ValidationError(TOO_MANY if exc.code == "rate_limited" else WRONG_CODE, code=exc.code) from exc


class PasskeyForm(AddWebAuthnForm):
    """What the browser answered when a passkey was made, and what the person calls it."""

    name = forms.CharField(label="Name of the passkey", max_length=60, initial="This device")
    credential = forms.JSONField(widget=forms.HiddenInput(), error_messages={"required": "No passkey was made."})

    def __init__(self, data: Any = None, *, user: User) -> None:
        wanted = {**data.dict(), "passwordless": "on"} if data is not None else None  # a PIN or finger, always
        super().__init__(wanted, user=user)
        del self.initial["name"]


class SignInPolicyForm(forms.Form):
    """What the practice asks of its people; nothing looser than the installation does."""

    idle_minutes = forms.IntegerField(
        label="Signed out after minutes without use", required=False, min_value=IDLE_MINUTES[0],
        max_value=IDLE_MINUTES[-1],
    )  # fmt: skip

    def __init__(self, practice: Organization, *args: Any, **kwargs: Any) -> None:
        standing = {"second_factor": stricter(practice.second_factor, settings.SECOND_FACTOR)}
        super().__init__(*args, **kwargs)
        self.initial = {**standing, "idle_minutes": practice.idle_minutes}
        allowed = [(one.value, one.label) for one in allowed_policies(settings.SECOND_FACTOR)]
        self.fields["second_factor"] = forms.ChoiceField(label="Who needs a second factor", choices=allowed)
        self.order_fields(["second_factor", "idle_minutes"])
        self.fields["idle_minutes"].help_text = f"Blank: {settings.SESSION_IDLE_SECONDS // 60} minutes."


def passkey_options(options: dict[str, Any]) -> str:
    """What the browser is asked, as it stands in a data attribute."""
    return json.dumps(options["publicKey"])
