"""Cache keys carry the tenant, so that one tenant's entry never answers another's question."""

from upstream.core import tenancy


def tenant_key(key: str, prefix: str, version: int) -> str:
    """ "prefix:version:tenant:key"; tenant is 0 where none is bound."""
    return f"{prefix}:{version}:{tenancy.current() or 0}:{key}"


def outages(*others: type[Exception]) -> tuple[type[Exception], ...]:
    """What the cache raises when it is away, and these others. Its client, 5 MB, is loaded no sooner than needed."""
    from redis.exceptions import RedisError

    return RedisError, OSError, *others
