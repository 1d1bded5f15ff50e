"""Every few minutes each practice is looked at by the workers that do its work; `alarm` sees when none does."""

from upstream.core.stages import Stage
from upstream.watchers import queries, services

STAGE = Stage(name="watch", queue="default", ready=queries.looks_due, take=services.look)
