"""What a load leaves to be tied together: run once at its end, over what it brought and what waited for it.

Whatever order files come in, the same ties stand afterwards. Called inside the load's transaction, with the tenant
bound; weeks whose counts change are added to `dirty_week`.
"""

from typing import Any

from upstream.claims import matching

LINK_STATUSES = """
UPDATE claims_claimstatus s SET claim_id = c.id FROM claims_claim c
WHERE s.tenant_id = %(tenant)s AND s.claim_id IS NULL AND c.tenant_id = %(tenant)s AND c.number_bidx = s.number_bidx
"""


def after_load(cursor: Any, *, tenant: int, batch: int) -> None:
    """Tie statuses and remitted claims to the claims of which they speak. `batch`: id of the file just merged."""
    cursor.execute(LINK_STATUSES, {"tenant": tenant})
    matching.match(cursor, tenant=tenant, batch=batch)
