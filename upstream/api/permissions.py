from typing import Any

from rest_framework.permissions import BasePermission


class HasScope(BasePermission):
    """The caller holds the right that the view names for this method in `rights`; a view without one opens to nobody."""

    message = "this needs a scope that the caller does not have"

    def has_permission(self, request: Any, view: Any) -> bool:
        needed = getattr(view, "rights", {}).get(request.method)
        return bool(needed) and needed in getattr(request.user, "rights", frozenset())
