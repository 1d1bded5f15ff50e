"""Removing the bound sample practice: its files, every row of it behind the wall, and itself."""

from graphlib import TopologicalSorter

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from upstream.core import crash, storage, tenancy
from upstream.ingestion.phi import FILES
from upstream.tenants.choices import SampleState
from upstream.tenants.models import Organization
from upstream.tenants.services import tenant_keys

WALLED = """
SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
    AND a.attname = 'tenant_id' AND NOT a.attisdropped
"""
TIES = """
SELECT child.relname, parent.relname FROM pg_constraint k
JOIN pg_class child ON child.oid = k.conrelid JOIN pg_class parent ON parent.oid = k.confrelid
WHERE k.contype = 'f' AND NOT k.condeferrable AND child.oid <> parent.oid
"""


def clear() -> bool:
    """Nothing of the bound sample is left. Killed on the way, its rows are all there still, and it is done again.

    False, as there is no tenant any more for which something could be done.
    """
    with transaction.atomic():
        keys = tenant_keys()
    for kind in FILES:
        for sha256 in list(storage.stored(kind, keys)):
            storage.remove(kind, sha256, keys)
    with transaction.atomic(), connection.cursor() as cursor:
        if not Organization.objects.select_for_update().filter(sample_state=SampleState.LEAVING).exists():
            return False
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SELECT set_config('app.retention', 'on', true)")  # its access log tells of invented people
        for table in _children_first(cursor):
            delete = sql.SQL("DELETE FROM {} WHERE tenant_id = %s").format(sql.Identifier(table))
            cursor.execute(delete, [tenancy.required()])
        cursor.execute("DELETE FROM tenants_organization WHERE id = %s", [tenancy.required()])
        crash.point("before_sample_commit")
    return False


def _children_first(cursor: CursorWrapper) -> list[str]:
    """Every table behind the wall, those that others are tied to after them."""
    cursor.execute(WALLED)
    tables = {name for (name,) in cursor.fetchall()}
    cursor.execute(TIES)
    order = TopologicalSorter({name: set[str]() for name in tables})
    for child, parent in cursor.fetchall():
        if {child, parent} <= tables:
            order.add(parent, child)
    return list(order.static_order())
