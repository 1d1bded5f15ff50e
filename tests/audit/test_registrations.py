"""What auditlog may write down, and that what it wrote stays."""

import pytest
from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction

from tests import factories
from upstream.audit.registrations import FIELDS
from upstream.core import tenancy
from upstream.core.phi.fields import SealedField

# Fields that a model may print of itself: names of things, codes and states.
PRINTABLE = {
    "act", "action", "carc", "category", "client_id", "code", "fate", "from_state", "group_code", "key", "kind",
    "limit", "mark", "method", "name", "payer_type", "place", "procedure_code", "reason", "result", "role", "template",
    "to_state", "urgency", "verdict",
}  # fmt: skip
TEXT = (models.CharField, models.TextField, models.BinaryField)


def our_models():
    return [model for model in apps.get_models() if model.__module__.startswith("upstream.")]


def test_only_what_steers_the_product_is_watched_and_field_by_field():
    watched = {
        model._meta.label: set(auditlog.get_model_fields(model)["include_fields"]) for model in auditlog.get_models()
    }
    assert watched == {label: set(fields) for label, fields in FIELDS.items()}


def test_no_watched_field_holds_a_sealed_value_or_a_secret():
    for label, names in FIELDS.items():
        model = apps.get_model(label)
        assert not any(isinstance(model._meta.get_field(name), SealedField) for name in names)
        assert not any("secret" in name or "password" in name for name in names)


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_a_row_prints_only_names_codes_and_states(model):
    marks = {field.name: f"mark-{field.name}" for field in model._meta.fields if isinstance(field, TEXT)}
    times = {field.name: factories.NOON for field in model._meta.fields if isinstance(field, models.DateTimeField)}
    printed = str(model(**marks, **times))
    assert {name for name, mark in marks.items() if mark in printed} <= PRINTABLE


@pytest.mark.django_db
def test_a_change_of_a_role_is_written_down_with_its_values():
    with tenancy.bind(factories.organization().pk):
        member = factories.member(role="biller")
        member.role = "owner"
        member.save()
    entry = LogEntry.objects.get_for_object(member).latest("pk")
    assert entry.changes == {"role": ["biller", "owner"]}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE auditlog_logentry SET object_repr = ''",
        "DELETE FROM auditlog_logentry",
        "TRUNCATE auditlog_logentry",
    ],
)
def test_the_application_cannot_change_what_was_written_down(statement):
    factories.organization()
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
@pytest.mark.parametrize("options", [{}, {"truncate": True}])
def test_auditlogflush_fails(options):
    factories.organization()
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        call_command("auditlogflush", yes=True, **options)
    assert LogEntry.objects.exists()
