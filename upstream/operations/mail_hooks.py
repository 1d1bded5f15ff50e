"""The way in for what mail providers say of mail, as each of them signs it; anymail knows how."""

from importlib import import_module

from anymail.exceptions import AnymailConfigurationError
from anymail.webhooks.base import AnymailBaseWebhookView
from django.conf import settings
from django.db.transaction import non_atomic_requests
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from upstream.delivery.transports import mail

COMBINED = {"mandrill": "MandrillCombinedWebhookView"}


@csrf_exempt
@non_atomic_requests
def words(request: HttpRequest, provider: str) -> HttpResponseBase:
    """What the provider that takes our mail says of it. 404 for any other, and while nothing proves who speaks."""
    if provider != mail.provider():
        raise Http404
    view = _view_of(provider)
    if view.warn_if_no_basic_auth and not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        raise Http404
    try:
        return view.as_view()(request)
    except AnymailConfigurationError as exc:
        raise Http404 from exc


def _view_of(provider: str) -> type[AnymailBaseWebhookView]:
    """The view of the provider that checks its signature and understands its words."""
    module = import_module(f"anymail.webhooks.{provider}")
    found = [
        kind for name, kind in vars(module).items()
        if name.endswith("TrackingWebhookView") or name == COMBINED.get(provider)
    ]  # fmt: skip
    own = [kind for kind in found if kind.__module__ == module.__name__]
    if not own:
        raise Http404
    view: type[AnymailBaseWebhookView] = own[0]
    return view
