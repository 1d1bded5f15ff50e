"""Taking a match apart: both claims stand as they did, and are never put together again by rule."""

from django.db import connection, transaction

from upstream.claims import matching, rollups
from upstream.claims.choices import MatchState
from upstream.claims.models import ClaimMatch
from upstream.core import clock
from upstream.core.db.claiming import one_at_a_time
from upstream.core.errors import Conflict
from upstream.tenants.queries import bound_organization


def undo_match(match: ClaimMatch, *, actor: str) -> None:
    """The pair is apart, with who did it and when; cells are recounted. Conflict("not_matched") when it is already."""
    with transaction.atomic(), connection.cursor() as cursor:
        one_at_a_time("load", match.tenant_id)
        standing = ClaimMatch.objects.filter(pk=match.pk, state=MatchState.MATCHED)
        if not standing.update(state=MatchState.UNDONE, undone_by=actor[:80], undone_at=clock.now()):
            raise Conflict("not_matched", "these two are apart already")
        cursor.execute("CREATE TEMPORARY TABLE IF NOT EXISTS dirty_week (week date PRIMARY KEY) ON COMMIT DROP")
        matching.take_apart(cursor, match.tenant_id, {(match.remitted_id, match.claim_id)})
        rollups.recount(cursor, tenant=match.tenant_id, time_zone=bound_organization().time_zone)
