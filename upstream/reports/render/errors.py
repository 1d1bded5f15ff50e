"""What can go wrong while a report is drawn."""

from upstream.core.errors import DomainError


class RenderError(DomainError):
    """The document was not made; nothing of it is kept."""

    status = 500
