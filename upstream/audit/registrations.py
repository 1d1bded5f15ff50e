"""Which changes of settings and people are written down, field by field.

Only what steers the product: never a claim, a patient or a secret. Models are named by their label, because most of
them belong to apps above this one. Uploads leave their Batch row instead.
"""

from auditlog.registry import auditlog
from django.apps import apps

FIELDS: dict[str, tuple[str, ...]] = {
    "tenants.Organization": ("slug", "name", "time_zone", "false_incidents_per_quarter", "paper"),
    "tenants.Site": ("name",),
    "tenants.User": ("email", "is_active", "is_staff", "is_superuser"),
    "tenants.Membership": ("user", "role", "active", "wants_mail"),
    "tenants.ApiClient": ("client_id", "name", "scopes", "expires_at", "revoked_at"),
    "claims.Payer": ("name", "org", "payer_type", "counted_with"),
    "claims.PayerMove": ("decided", "source", "target", "undoes"),
    "ingestion.Source": ("name", "kind", "settings", "schedule", "time_zone", "enabled"),
    "ingestion.MappingProfile": ("name", "version", "active", "source"),
    "quality.Threshold": ("check_name", "value", "valid_from"),
    "delivery.Endpoint": ("name", "kind", "host", "events", "state"),
    "delivery.Address": ("recipient", "stopped_because", "lifted_because", "lifted_by"),
    "authorizations.PayerSetting": ("payer", "kind", "value", "valid_from", "source"),
    "watchers.OwnLimit": ("limit", "value", "valid_from", "reason"),
    "detection.MethodChoice": ("method", "valid_from", "undone_by"),
    "detection.CalendarEvent": ("name", "first_day", "last_day", "effect", "payers", "known_from", "shared"),
    "appeals.LetterTemplate": ("subject", "payer", "version", "valid_from", "taken_back_by"),
    "appeals.ReviewLimit": ("amount_cents",),
    "alerts.Transition": ("incident", "kind", "from_state", "to_state", "outcome", "undoes", "bulk"),
    "kpis.ReworkCost": ("cents", "valid_from"),
    "reports.Schedule": ("kind", "weekday", "hour", "active"),
}


def register() -> None:
    """Each model of FIELDS is watched for exactly its fields."""
    for label, fields in FIELDS.items():
        auditlog.register(apps.get_model(label), include_fields=list(fields))
