"""Everything that practice A may try at practice B's rows; run in a process in which one of the two walls is off."""

import json
from collections.abc import Callable

from django.db import DatabaseError, connection, transaction
from django.db.models import Sum
from django.test import Client

from upstream.claims.models import Claim, Payer
from upstream.core import tenancy
from upstream.core.tenancy import NoTenant
from upstream.tenants.models import Membership

Attempt = Callable[[int, int], int]


def by_the_orm(beta: int, theirs: int) -> int:
    return Claim.objects.filter(pk=theirs).count() + len([row for row in Claim.objects.all() if row.tenant_id == beta])


def by_a_join(beta: int, theirs: int) -> int:
    return Claim.objects.filter(payer__name="beta payer").count() + Payer.objects.filter(name="beta payer").count()


def by_a_sum(beta: int, theirs: int) -> int:
    return int(Claim.objects.filter(pk=theirs).aggregate(sum=Sum("billed_cents"))["sum"] or 0)


def by_an_update(beta: int, theirs: int) -> int:
    return Claim.objects.filter(pk=theirs).update(paid_cents=1)


def by_a_delete(beta: int, theirs: int) -> int:
    return Claim.objects.filter(pk=theirs).delete()[0]


def by_a_row_of_theirs(beta: int, theirs: int) -> int:
    return len(Payer.objects.bulk_create([Payer(tenant_id=beta, name="planted", name_key="PLANTED")]))


def by_a_saved_row(beta: int, theirs: int) -> int:
    Payer(tenant_id=beta, name="planted", name_key="PLANTED").save()
    return 1


def by_members(beta: int, theirs: int) -> int:
    return Membership.objects.filter(tenant_id=beta).count()


ATTEMPTS: tuple[Attempt, ...] = (
    by_the_orm, by_a_join, by_a_sum, by_an_update, by_a_delete, by_a_row_of_theirs, by_a_saved_row, by_members,
)  # fmt: skip


def tried(attempt: Attempt, alpha: int | None, beta: int, theirs: int) -> int | str:
    """How many rows of theirs were seen or touched, or what refused it; nothing is kept."""
    try:
        with transaction.atomic():
            if alpha is None:
                found = attempt(beta, theirs)
            else:
                with tenancy.bind(alpha):
                    found = attempt(beta, theirs)
            transaction.set_rollback(True)
    except NoTenant:
        return "refused by the ORM"
    except DatabaseError as exc:
        if "row-level security" not in str(exc):
            raise
        return "refused by the database"
    return found


def seen_by_sql(alpha: int, beta: int) -> int:
    with tenancy.bind(alpha), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM claims_claim WHERE tenant_id = %s", [beta])
        return int(cursor.fetchone()[0])


def filtered_by_the_orm(alpha: int) -> bool:
    with tenancy.bind(alpha), transaction.atomic():
        return "WHERE" in str(Claim.objects.all().query)


def main(alpha: int, beta: int, theirs: int, their_public_id: str, member: int) -> None:
    """Print what each attempt came to, with and without a tenant, and the answers of the portal."""
    with tenancy.acting_as(member), transaction.atomic():
        user = Membership.own.select_related("user").get(user_id=member).user
    with tenancy.bind(alpha), transaction.atomic():
        own = Claim.objects.filter(tenant_id=alpha).values_list("public_id", flat=True).get()
    browser = Client(raise_request_exception=False, SERVER_NAME="localhost")
    browser.force_login(user)
    outcome = {
        "bound": {attempt.__name__: tried(attempt, alpha, beta, theirs) for attempt in ATTEMPTS},
        "unbound": {attempt.__name__: tried(attempt, None, beta, theirs) for attempt in ATTEMPTS},
        "portal": [browser.get(f"/portal/claims/{claim}/").status_code for claim in (own, their_public_id)],
        "seen by SQL": seen_by_sql(alpha, beta),
        "filtered by the ORM": filtered_by_the_orm(alpha),
    }
    print(json.dumps(outcome))
