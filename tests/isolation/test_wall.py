"""The database's own layer: every tenant table has it, and it shows and takes nothing across tenants."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from tests.factories import claim, organization, payer
from upstream.claims.models import Claim, Payer
from upstream.core import tenancy
from upstream.core.db.models import TenantModel
from upstream.core.tenancy import NoTenant

pytestmark = pytest.mark.django_db(transaction=True)


def tenant_tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns"
            " WHERE column_name = 'tenant_id' AND table_schema = 'public'"
        )
        return {row[0] for row in cursor.fetchall()}


def walled_tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_policies p ON p.tablename = c.relname"
            " WHERE c.relrowsecurity AND c.relforcerowsecurity AND p.qual LIKE '%app.tenant_id%'"
            " AND p.with_check LIKE '%app.tenant_id%'"
        )
        return {row[0] for row in cursor.fetchall()}


def test_every_table_with_a_tenant_stands_behind_the_wall():
    assert tenant_tables() - walled_tables() == set()
    assert "claims_claim" in tenant_tables()


def test_every_tenant_model_has_a_tenant_column_and_every_such_table_a_tenant_model():
    models = {m._meta.db_table for m in apps.get_models() if issubclass(m, TenantModel)}
    assert models == tenant_tables()


def test_the_application_role_owns_nothing_and_bypasses_nothing():
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False, False)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user")
        assert cursor.fetchone() == (0,)


def test_every_key_between_tenant_tables_carries_the_tenant():
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT k.conrelid::regclass::text, k.conname FROM pg_constraint k
            WHERE k.contype = 'f' AND k.conrelid::regclass::text = ANY(%s) AND k.confrelid::regclass::text = ANY(%s)
              AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = k.conrelid AND a.attnum = ANY(k.conkey)
                              AND a.attname = 'tenant_id')""",
            [list(tenant_tables()), list(tenant_tables())],
        )
        assert cursor.fetchall() == []


def _foreign_key_columns():
    for model in apps.get_models():
        if issubclass(model, TenantModel):
            for field in model._meta.concrete_fields:
                related = field.related_model
                if field.is_relation and related and issubclass(related, TenantModel):
                    yield model._meta.db_table, field.column


def test_every_reference_of_a_model_is_tied_in_the_database():
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT k.conrelid::regclass::text, a.attname FROM pg_constraint k
            JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY(k.conkey)
            WHERE k.contype = 'f' AND a.attname <> 'tenant_id'"""
        )
        tied = set(cursor.fetchall())
    assert set(_foreign_key_columns()) - tied == set()


@pytest.fixture
def two_practices():
    """Practice A and practice B, each with one payer and one claim."""
    made = []
    for slug in ("alpha", "beta"):
        org = organization(slug)
        with tenancy.bind(org.pk), transaction.atomic():
            of_payer = payer(f"{slug} payer")
            made.append((org, of_payer, claim(of_payer, f"{slug}-1")))
    return made


def test_raw_sql_sees_only_the_bound_tenant(two_practices):
    (alpha, _, mine), _ = two_practices
    with tenancy.bind(alpha.pk), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM claims_claim")
        assert cursor.fetchall() == [(mine.pk,)]


def test_raw_sql_without_a_tenant_sees_nothing(two_practices):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM claims_claim")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM tenants_organization")
        assert cursor.fetchone() == (0,)


def test_the_next_transaction_of_the_connection_starts_without_a_tenant(two_practices):
    (alpha, _, _), _ = two_practices
    with tenancy.bind(alpha.pk), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM claims_claim")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), current_setting('app.tenant_id', true) FROM claims_claim")
        assert cursor.fetchone() == (0, "")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE claims_claim SET paid_cents = 0 WHERE id = %(theirs)s",
        "DELETE FROM claims_payer WHERE id = %(payer)s",
        "UPDATE claims_claim SET paid_cents = 0 WHERE tenant_id = %(tenant)s",
    ],
)
def test_raw_writes_touch_no_row_of_another_tenant(two_practices, statement):
    (alpha, _, _), (beta, their_payer, theirs) = two_practices
    values = {"theirs": theirs.pk, "payer": their_payer.pk, "tenant": beta.pk}
    with tenancy.bind(alpha.pk), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount == 0


def test_a_row_cannot_be_written_for_another_tenant(two_practices):
    (alpha, _, _), (beta, _, _) = two_practices
    insert = "INSERT INTO tenants_site (tenant_id, name, name_key) VALUES (%s, 'theirs', 'theirs')"
    refused = pytest.raises(DatabaseError, match="row-level security")
    with tenancy.bind(alpha.pk), refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(insert, [beta.pk])


def test_a_row_cannot_point_at_another_tenants_row(two_practices):
    (alpha, _, mine), (_, their_payer, _) = two_practices
    refused = pytest.raises(DatabaseError, match="foreign key")
    with tenancy.bind(alpha.pk), refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE claims_claim SET payer_id = %s WHERE id = %s", [their_payer.pk, mine.pk])


def test_the_orm_asks_only_for_the_bound_tenant(two_practices):
    (alpha, _, mine), (_, _, theirs) = two_practices
    with tenancy.bind(alpha.pk), transaction.atomic():
        assert list(Claim.objects.all()) == [mine]
        assert not Claim.objects.filter(pk=theirs.pk).exists()
        assert Claim.objects.filter(payer__name="beta payer").count() == 0
        assert Claim.objects.filter(pk=theirs.pk).update(paid_cents=0) == 0


@pytest.mark.parametrize(
    "question",
    [
        lambda: Claim.objects.exists(),
        lambda: Claim.objects.count(),
        lambda: list(Claim.objects.all()),
        lambda: Payer.objects.create(name="x", name_key="X"),
        lambda: Payer.objects.bulk_create([Payer(name="x", name_key="X")]),
        lambda: Claim._base_manager.first(),
    ],
)
def test_the_orm_refuses_a_question_without_a_tenant(two_practices, question):
    with pytest.raises(NoTenant), transaction.atomic():
        question()


def test_the_orm_refuses_a_question_outside_a_transaction(two_practices):
    (alpha, _, _), _ = two_practices
    with tenancy.bind(alpha.pk), pytest.raises(NoTenant, match="inside a transaction"):
        Claim.objects.exists()


def test_the_orm_refuses_to_write_for_another_tenant(two_practices):
    (alpha, _, mine), (beta, _, _) = two_practices
    with tenancy.bind(alpha.pk), transaction.atomic():
        with pytest.raises(NoTenant):
            Payer.objects.bulk_create([Payer(tenant=beta, name="x", name_key="X")])
        with pytest.raises(NoTenant):
            Payer(tenant=beta, name="x", name_key="X").save()
        with pytest.raises(NoTenant):
            Claim.objects.filter(pk=mine.pk).update(tenant=beta)


def test_a_bound_tenant_cannot_be_exchanged_for_another(two_practices):
    (alpha, _, _), (beta, _, _) = two_practices
    with tenancy.bind(alpha.pk), pytest.raises(NoTenant, match="another tenant"), tenancy.bind(beta.pk):
        pass


def test_the_directory_opens_organizations_and_nothing_of_theirs(two_practices):
    with tenancy.directory(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tenants_organization")
        assert cursor.fetchone() == (2,)
        cursor.execute("SELECT count(*) FROM claims_claim")
        assert cursor.fetchone() == (0,)
