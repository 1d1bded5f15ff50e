"""Who may do what in the API, and that a refusal is written down."""

from typing import Any

from django.db import transaction
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from upstream.api.requests import within
from upstream.audit.services import record_access
from upstream.core import tenancy


class HasScope(BasePermission):
    """The caller holds the right that the view names for this method in `rights`; a view without one opens to nobody.

    A method that the view does not have is let through to be answered with 405.
    """

    message = "this needs a scope that the caller does not have"
    code = "missing_scope"

    def has_permission(self, request: Request, view: Any) -> bool:
        rights = getattr(request.user, "rights", None)
        if rights is None:
            return False
        method = "GET" if request.method == "HEAD" else request.method
        answered = set(view.allowed_methods) - {"OPTIONS"}
        if method not in answered or view.rights.get(method) in rights:
            return True
        after_rollback = within(request).tenancy_exit.callback
        after_rollback(_record_refusal, request.user.actor, f"{request.method} {request.path}")  # type: ignore[union-attr]
        return False


def _record_refusal(actor: str, subject: str) -> None:
    """An entry in the access log, in a transaction of its own, told anew whose: the refused one was rolled back."""
    with transaction.atomic(), tenancy.bind(tenancy.required()):
        record_access(actor=actor, action="api.refused", subject=subject, records=0, outcome="refused")
