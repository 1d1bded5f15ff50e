"""Which changes of settings and people are written down, field by field.

Only what steers the product: never a claim, a patient or a secret. Models are named by their label, because most of
them belong to apps above this one. Uploads leave their Batch row instead.
"""

from auditlog.registry import auditlog
from django.apps import apps

QUIET = ("quiet_from", "quiet_until", "quiet_days")
SCOPE = (
    "payers", "categories", "locations", "metrics", "codes", "severities", "least_cents", "most_cents", "condition",
)  # fmt: skip
FIELDS: dict[str, tuple[str, ...]] = {
    "tenants.Organization": (
        "slug", "name", "time_zone", "false_incidents_per_quarter", "paper", "second_factor", "idle_minutes",
        "switched_off",
    ),
    "tenants.Site": ("name",),
    "tenants.User": ("email", "is_active", "is_staff", "is_superuser"),
    "tenants.Membership": ("user", "role", "active", "wants_mail", "provider_npi"),
    "tenants.ApiClient": ("client_id", "name", "scopes", "expires_at", "revoked_at"),
    "claims.Payer": ("name", "org", "payer_type", "counted_with"),
    "claims.PayerMove": ("decided", "source", "target", "undoes"),
    "ingestion.Source": ("name", "kind", "settings", "schedule", "time_zone", "enabled"),
    "ingestion.MappingProfile": ("name", "version", "active", "source"),
    "quality.Threshold": ("check_name", "value", "valid_from"),
    "delivery.Endpoint": ("name", "kind", "host", "events", "state"),
    "delivery.Address": ("recipient", "stopped_because", "lifted_because", "lifted_by"),
    "authorizations.PayerSetting": ("payer", "kind", "value", "valid_from", "source"),
    "watchers.Trouble": ("kind", "state", "taken_by"),
    "watchers.OwnLimit": ("limit", "value", "valid_from", "reason"),
    "detection.MethodChoice": ("method", "valid_from", "undone_by"),
    "detection.CalendarEvent": ("name", "first_day", "last_day", "effect", "payers", "known_from", "shared"),
    "appeals.LetterTemplate": ("subject", "payer", "version", "valid_from", "taken_back_by"),
    "appeals.ReviewLimit": ("amount_cents",),
    "alerts.Transition": ("incident", "kind", "from_state", "to_state", "outcome", "undoes", "bulk"),
    "kpis.ReworkCost": ("cents", "valid_from"),
    "contracts.Contract": (
        "name", "payer", "product", "effective_from", "effective_to", "lesser_of", "tolerance_cents",
        "tolerance_percent", "taken_back_at",
    ),
    "contracts.Load": ("contract", "added", "replaced", "refused", "undone_at"),
    "contracts.Modifier": ("contract", "code", "percent", "valid_from"),
    "contracts.Leeway": ("cents", "percent"),
    "contracts.Step": ("line", "from_state", "to_state", "undoes"),
    "routing.Policy": (
        *QUIET, "weekly_budget", "at_once_from", "digest_from", "digest_at", "coalesce_days", "critical_any_time",
        "office_from", "office_until", "office_days", "learns",
    ),
    "routing.Preference": (*QUIET, "member", "zone", "digest_only"),
    "routing.Rule": (*SCOPE, "name", "how", "ended_at"),
    "routing.Target": ("rule", "kind", "role", "member", "rota", "endpoint", "after_hours"),
    "routing.Rota": ("name", "people", "substitutes", "weekday", "at", "since", "ended_at"),
    "routing.Mute": (*SCOPE, "expires_at", "ended_at"),
    "routing.Window": ("name", "starts_at", "ends_at", "ended_by"),
    "explore.OwnReport": ("name", "shared", "version", "deleted_at"),
    "explore.Analyst": ("actor", "ended_at"),
    "reports.Policy": ("kept_days", "may_attach"),
    "reports.Definition": (
        "title", "kind", "subject", "paper", "formats", "roles", "people", "attach", "kept_days", "ended_at",
    ),
    "reports.Schedule": ("definition", "cron", "zone", "only", "active"),
    "reports.Unsubscribed": ("definition", "member"),
}  # fmt: skip


def register() -> None:
    """Each model of FIELDS is watched for exactly its fields."""
    for label, fields in FIELDS.items():
        auditlog.register(apps.get_model(label), include_fields=list(fields))
