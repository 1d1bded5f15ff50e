"""Client credentials in, a short token out (RFC 6749 section 4.4)."""

from rest_framework import serializers

from upstream.api.shapes import Shape, Strict


class TokenRequest(Strict):
    client_id = serializers.CharField(max_length=200, required=False)
    client_secret = serializers.CharField(max_length=200, required=False, trim_whitespace=False, write_only=True)
    grant_type = serializers.CharField(max_length=40, required=False, default="client_credentials")
    scope = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class TokenAnswer(Shape):
    access_token = serializers.CharField()
    token_type = serializers.CharField()
    expires_in = serializers.IntegerField(help_text="Seconds.")
    scope = serializers.CharField(help_text="Separated by spaces.")
