"""Migration operation that puts a tenant table behind the wall.

After it: the primary key is (tenant_id, id), row-level security is on and FORCEd with one policy that shows nothing
when no tenant is set, and each named parent is tied by a composite foreign key, because PostgreSQL's foreign key
checks bypass row security (PostgreSQL manual, "Row Security Policies"). A table without parents is tied to its
organization; the others are through theirs.
"""

from typing import Any

from django.db.migrations.operations.base import Operation

OWN = "tenant_id = nullif(current_setting('app.tenant_id', true), '')::bigint"


class TenantWall(Operation):
    """`parents` maps a column of the table to the tenant table it points to; `also` widens reading (never writing).

    `key` is the column that tells one row of a tenant from another.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str, parents: dict[str, str] | None = None, also: str = "", key: str = "id") -> None:
        self.table, self.parents, self.also, self.key = table, parents or {}, also, key

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The wall changes no model state."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for statement in self._build():
            schema_editor.execute(statement)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        table = self.table
        for column in self.parents or ("tenant_id",):
            schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {self._name(column)}")
        schema_editor.execute(f"DROP POLICY tenant_wall ON {table}")
        schema_editor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY")
        schema_editor.execute(
            f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey, ADD CONSTRAINT {table}_pkey PRIMARY KEY ({self.key})"
        )

    def describe(self) -> str:
        return f"Put {self.table} behind the tenant wall"

    def _name(self, column: str) -> str:
        return f"{self.table}_{column}_wall"[:63]

    def _build(self) -> list[str]:
        table = self.table
        reads = f"{OWN} OR {self.also}" if self.also else OWN
        statements = [
            f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey",
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_pkey PRIMARY KEY (tenant_id, {self.key})",
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY tenant_wall ON {table} USING ({reads}) WITH CHECK ({OWN})",
        ]
        if not self.parents:
            statements.append(
                f"ALTER TABLE {table} ADD CONSTRAINT {self._name('tenant_id')} FOREIGN KEY (tenant_id)"
                " REFERENCES tenants_organization (id)"
            )
        for column, parent in self.parents.items():
            statements.append(
                f"ALTER TABLE {table} ADD CONSTRAINT {self._name(column)} FOREIGN KEY (tenant_id, {column})"
                f" REFERENCES {parent} (tenant_id, id) DEFERRABLE INITIALLY IMMEDIATE"
            )
        return statements


class TenantTie(Operation):
    """A composite foreign key from a lower app's table to a later app's one, which the lower app does not know."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str, column: str, parent: str) -> None:
        self.table, self.column, self.parent = table, column, parent

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The tie changes no model state."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        schema_editor.execute(
            f"ALTER TABLE {self.table} ADD CONSTRAINT {self.table}_{self.column}_wall"
            f" FOREIGN KEY (tenant_id, {self.column}) REFERENCES {self.parent} (tenant_id, id)"
        )

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        schema_editor.execute(f"ALTER TABLE {self.table} DROP CONSTRAINT {self.table}_{self.column}_wall")

    def describe(self) -> str:
        return f"Tie {self.table}.{self.column} to {self.parent}"


class KnownByItsPlace(Operation):
    """Rows of the table are known by this unique index and never by their number, whose own index is dropped.

    A child row's number would be one more index to fill for each row that a file brings, and nobody asks by it.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str, index: str) -> None:
        self.table, self.index = table, index

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The model state stays: Django still sees a number as the primary key."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        schema_editor.execute(f"ALTER TABLE {self.table} DROP CONSTRAINT {self.table}_pkey")
        schema_editor.execute(f"ALTER TABLE {self.table} REPLICA IDENTITY USING INDEX {self.index}")

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        schema_editor.execute(f"ALTER TABLE {self.table} REPLICA IDENTITY DEFAULT")
        schema_editor.execute(f"ALTER TABLE {self.table} ADD CONSTRAINT {self.table}_pkey PRIMARY KEY (tenant_id, id)")

    def describe(self) -> str:
        return f"Know rows of {self.table} by {self.index}"
