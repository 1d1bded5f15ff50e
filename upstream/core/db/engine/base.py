"""PostgreSQL backend that tells each transaction, as it begins, which tenant it works for."""

from contextlib import ExitStack
from typing import Any

from django_prometheus.db.backends.postgresql import base

from upstream.core import tenancy


class DatabaseWrapper(base.DatabaseWrapper):
    """`set_autocommit(False)` is where Django's atomic() begins a transaction."""

    def set_autocommit(self, autocommit: bool, force_begin_transaction_with_broken_autocommit: bool = False) -> Any:
        done = super().set_autocommit(autocommit, force_begin_transaction_with_broken_autocommit)
        if not autocommit and self.alias == "default" and not tenancy.is_empty():
            with ExitStack() as untold:
                # Its transaction has begun and belongs to no block: the next query must not fall into it.
                untold.callback(self.close)
                tenancy.tell(self)
                untold.pop_all()
        return done
