"""PostgreSQL backend that tells each transaction, as it begins, which tenant it works for."""

from typing import Any

from django_prometheus.db.backends.postgresql import base

from upstream.core import tenancy


class DatabaseWrapper(base.DatabaseWrapper):
    """`set_autocommit(False)` is where Django's atomic() begins a transaction."""

    def set_autocommit(self, autocommit: bool, force_begin_transaction_with_broken_autocommit: bool = False) -> Any:
        done = super().set_autocommit(autocommit, force_begin_transaction_with_broken_autocommit)
        if not autocommit and self.alias == "default" and not tenancy.is_empty():
            tenancy.tell(self)
        return done
