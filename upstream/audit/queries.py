"""The access log of the bound tenant."""

from datetime import UTC, date, datetime, time

from django.db.models import QuerySet

from upstream.audit.models import PHIAccess


def accesses(first: date, last: date) -> QuerySet[PHIAccess]:
    """Entries from the start of `first` to the end of `last` (UTC), in order."""
    return PHIAccess.objects.filter(
        at__gte=datetime.combine(first, time.min, UTC), at__lte=datetime.combine(last, time.max, UTC)
    ).order_by("number")
