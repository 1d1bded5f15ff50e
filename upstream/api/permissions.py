from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request


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
        return method not in answered or view.rights.get(method) in rights
