"""Celery: carries a tenant and ids, and wakes workers up; it remembers nothing that has to be done."""

import os
from typing import Any

from celery import Celery, Task
from celery.schedules import crontab
from celery.signals import setup_logging
from django.db import close_old_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upstream.settings.dev")
# Triangles are wide and mostly empty: in huge pages, each denial in them would cost two megabytes of zeros.
os.environ.setdefault("NUMPY_MADVISE_HUGEPAGE", "0")

app = Celery("upstream")
AT_ONCE = 4
STAY = 3.0

app.config_from_object("django.conf:settings", namespace="CELERY")


@setup_logging.connect
def keep_our_logging(**_: Any) -> None:
    """Django's LOGGING stands; Celery's own would print arguments."""


class TenantTask(Task):
    """A task for one tenant, named in the message's header; refused without it, and unbound again afterwards."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        from upstream.core import tenancy

        tenant_id = (self.request.headers or {}).get("tenant") or getattr(self.request, "tenant", None)
        if not isinstance(tenant_id, int):
            raise tenancy.NoTenant("no_tenant", "a task came without its tenant")
        close_old_connections()
        with tenancy.bind(tenant_id):
            return self.run(*args, **kwargs)


def send(name: str, tenant_id: int, *args: Any, queue: str = "default") -> None:
    """Queue a task for a tenant; arguments are ids and names of stages alone."""
    app.send_task(name, args=args, headers={"tenant": tenant_id}, queue=queue, argsrepr="", kwargsrepr="")


@app.task(name="upstream.dispatch", base=TenantTask)
def dispatch() -> None:
    """Send a message for the first rows of the tenant that each stage can take; each one done dispatches the next."""
    from upstream import pipeline
    from upstream.core import stages, tenancy

    stages.awake()
    for stage in pipeline.open_stages():
        for row_id in pipeline.ready(stage)[:AT_ONCE]:
            send("upstream.take", tenancy.required(), stage.name, row_id, queue=stage.queue)


@app.task(name="upstream.take", base=TenantTask)
def take(stage_name: str, row_id: int) -> None:
    """Take one row through its stage, and for a while those after it; then look for what has become ready."""
    from upstream import pipeline
    from upstream.core import stages, tenancy

    if pipeline.take_on(pipeline.BY_NAME[stage_name], row_id, seconds=STAY):
        stages.wake(tenancy.required())


@app.task(name="upstream.sweep")
def sweep() -> None:
    """For every tenant, look for ready rows: what a lost message or a killed worker left behind is found here."""
    from upstream import pipeline

    for tenant_id in pipeline.tenant_ids():
        send("upstream.dispatch", tenant_id)


@app.task(name="upstream.write_curated", base=TenantTask)
def write_curated() -> None:
    """The tenant's curated facts stand as Parquet."""
    from django.db import transaction

    from upstream.operations import curated
    from upstream.tenants.queries import bound_organization

    with transaction.atomic():
        organization = bound_organization()
    curated.write_curated(organization.pk, organization.slug)


@app.task(name="upstream.nightly")
def nightly() -> None:
    """What is done once a night for every customer."""
    from upstream import pipeline

    for tenant_id in pipeline.customer_ids():
        send("upstream.write_curated", tenant_id)


@app.on_after_configure.connect
def every_night(sender: Celery, **_: Any) -> None:
    """Beat sends `nightly` at twenty past two, UTC."""
    sender.add_periodic_task(crontab(hour=2, minute=20), nightly.s(), name="nightly")
