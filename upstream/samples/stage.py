"""A practice's sample from the click to its first report, and its removal with all that it holds."""

from collections.abc import Iterable

from django.db import transaction

from upstream.core import clock
from upstream.core.stages import Stage
from upstream.samples.clearing import clear
from upstream.samples.making import finish, write_files
from upstream.samples.queries import is_read
from upstream.tenants.choices import SampleState
from upstream.tenants.models import Organization
from upstream.tenants.queries import bound_organization
from upstream.tenants.samples import LASTS, let_go


def ready() -> Iterable[int]:
    """The bound tenant itself, while it is a sample with something to be done."""
    practice = bound_organization()
    return [practice.pk] if practice.is_sample and _is_due(practice) else []


def _is_due(sample: Organization) -> bool:
    if sample.sample_state == SampleState.READING:
        return is_read() or _is_old(sample)
    return sample.sample_state != SampleState.READY or _is_old(sample)


def _is_old(sample: Organization) -> bool:
    """Claims that were fresh when it was made are so no more."""
    return sample.created_at < clock.now() - LASTS


def take(_tenant_id: int) -> bool:
    with transaction.atomic():
        sample = bound_organization()
        if sample.sample_state != SampleState.LEAVING and _is_old(sample):
            let_go(sample)
            return True
        if not _is_due(sample):
            return False
    if sample.sample_state == SampleState.LEAVING:
        return clear()
    return write_files(sample) if sample.sample_state == SampleState.MAKING else finish(sample)


STAGE = Stage(name="samples", queue="default", ready=ready, take=take)
