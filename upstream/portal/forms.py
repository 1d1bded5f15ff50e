"""What people send us; words and shape only, the services decide."""

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.forms import AuthenticationForm


class SignInForm(AuthenticationForm):
    """E-mail address and password."""

    error_messages: ClassVar[dict[str, Any]] = {
        "invalid_login": "This e-mail address and password do not go together.",
        "inactive": "This account is closed.",
    }
    username = forms.EmailField(
        label="E-mail address",
        widget=forms.EmailInput(attrs={"autofocus": True, "autocomplete": "username", "spellcheck": "false"}),
    )

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).lower()
