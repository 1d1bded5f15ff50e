"""Client credentials for a short token."""

from drf_spectacular.utils import extend_schema
from rest_framework.parsers import FormParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.api.authentication import issue_token
from upstream.api.credentials import proven_client, sent_credentials, sent_fields
from upstream.api.parsers import FlatJSONParser
from upstream.api.problem import problem
from upstream.api.shapes import accepted
from upstream.api.throttles import Guesses
from upstream.api.v1.documented import problems
from upstream.api.v1.serializers.token import TokenAnswer, TokenRequest
from upstream.api.views import CommittingView


class TokenView(CommittingView):
    """The answer is the same for an unknown client and for a wrong secret."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = []
    parser_classes = [FlatJSONParser, FormParser]

    @extend_schema(
        operation_id="token_create", request=TokenRequest, responses={200: TokenAnswer, **problems(400, 401, 429)}
    )
    def post(self, request: Request) -> Response:
        """Exchange client id and secret (in the body, or as HTTP Basic) for a bearer token of ten minutes."""
        sent = accepted(TokenRequest, {**sent_fields(request.data), **sent_credentials(request)})
        if sent["grant_type"] != "client_credentials":
            return problem(400, "unsupported_grant_type", "grant_type must be client_credentials")
        client_id, secret = sent.get("client_id", ""), sent.get("client_secret", "")
        guesses = Guesses(request, client_id)
        guesses.count()
        client = proven_client(client_id, secret)
        if client is None:
            response = problem(401, "invalid_client", "unknown client or wrong secret")
            response["WWW-Authenticate"] = 'Basic realm="upstream"'
            return response
        guesses.forgive()
        scopes = sent["scope"].split() or client.scopes
        if set(scopes) - set(client.scopes):
            return problem(400, "invalid_scope", "the client does not have this scope")
        token, seconds = issue_token(client, sorted(scopes))
        answer = {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": seconds,
            "scope": " ".join(sorted(scopes)),
        }
        return Response(TokenAnswer(answer).data)
