"""What people say of who is told of which incidents; words and shape only, the services decide."""

from datetime import datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from upstream.alerts.choices import Severity
from upstream.claims.choices import DenialCategory
from upstream.claims.models import Payer
from upstream.core.money import cents_of, dollars_of
from upstream.delivery import queries as delivery
from upstream.detection.choices import Metric
from upstream.portal.queries.routing import person
from upstream.portal.quiet_forms import DAY, Several, VersionedForm, offer
from upstream.routing import queries
from upstream.routing.choices import How, TargetKind
from upstream.routing.conditions import LONGEST
from upstream.routing.models import Rule
from upstream.routing.quiet_models import Scoped
from upstream.routing.ruling import TargetSaid
from upstream.tenants.models import Site
from upstream.tenants.people import ROLES
from upstream.tenants.queries import active_members

STEPS = (1, 2)
CATEGORIES = [(value, str(label).capitalize()) for value, label in DenialCategory.choices]


class DollarsField(forms.DecimalField):
    """An amount that may be left out; cents once it is clean."""

    def __init__(self, label: str) -> None:
        super().__init__(label=label, required=False, min_value=Decimal(0), decimal_places=2)

    def clean(self, value: Any) -> int | None:
        dollars = super().clean(value)
        return None if dollars is None else cents_of(dollars)


class ScopeForm(VersionedForm):
    """Which incidents are meant; a part that is left empty means all."""

    payers = Several("Payers")
    severities = Several("Severity", Severity.choices)
    categories = Several("Reason for denial", CATEGORIES)
    locations = Several("Places")
    metrics = Several("What has changed", Metric.choices)
    codes = forms.CharField(
        label="Codes", required=False, max_length=500, help_text="Procedures or denial reasons, with commas between."
    )
    least = DollarsField("Lost so far, at least ($)")
    most = DollarsField("Lost so far, at most ($)")
    condition = forms.CharField(
        label="And this condition holds", required=False, max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        help_text='In the Common Expression Language, such as: lost >= 5000.0 && payer.startsWith("Summit")',
    )  # fmt: skip

    PARTS = ("payers", "severities", "categories", "locations", "metrics", "codes", "least", "most", "condition")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = list(Payer.objects.filter(counted_with=None).order_by("name").values_list("pk", "public_id", "name"))
        self.payer_ids = {str(public): pk for pk, public, _ in rows}
        offer(self, "payers", [(str(public), name) for _, public, name in rows])
        places = Site.objects.order_by("name").values_list("name", flat=True)
        offer(self, "locations", [(name, name) for name in places])

    @property
    def scope(self) -> dict[str, Any]:
        """The parts as the services take them."""
        said = self.cleaned_data
        return {
            "payers": [self.payer_ids[public] for public in said["payers"]],
            "codes": said["codes"].replace(";", ",").split(","),
            "least_cents": said["least"],
            "most_cents": said["most"],
            **{name: said[name] for name in ("severities", "categories", "locations", "metrics", "condition")},
        }

    def parts_of(self, row: Scoped) -> dict[str, Any]:
        """The initial values of a kept scope."""
        public = {pk: public for public, pk in self.payer_ids.items()}
        return {
            "payers": [public[pk] for pk in row.payers if pk in public], "codes": ", ".join(row.codes),
            "least": dollars_of(row.least_cents) if row.least_cents is not None else None,
            "most": dollars_of(row.most_cents) if row.most_cents is not None else None,
            **{name: getattr(row, name) for name in ("severities", "categories", "locations", "metrics", "condition")},
        }  # fmt: skip

    def parts(self) -> list[Any]:
        """The fields of the scope, for the page."""
        return [self[name] for name in self.PARTS]


class RuleForm(ScopeForm):
    """Who is told of which incidents."""

    name = forms.CharField(label="Name", max_length=80)
    how = forms.ChoiceField(label="When", choices=How.choices)
    told = Several("Who is told", help_text="People and roles by mail and in the portal; channels where they are.")
    after_1 = forms.IntegerField(label="If nobody takes it up in so many working hours", required=False, min_value=1)
    then_1 = Several("Tell also")
    after_2 = forms.IntegerField(label="And after so many more working hours", required=False, min_value=1)
    then_2 = Several("Tell also")

    field_order = ("version", "name", "how", "told", "after_1", "then_1", "after_2", "then_2")

    def __init__(self, *args: Any, rule: Rule | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("told", "then_1", "then_2"):
            offer(self, name, receivers())
        if rule is not None:
            self.initial = {**self.parts_of(rule), **self._said_in(rule)}

    def _said_in(self, rule: Rule) -> dict[str, Any]:
        waits = sorted({target.after_hours for target in rule.targets.all() if target.after_hours})
        said: dict[str, Any] = {"version": rule.version, "name": rule.name, "how": rule.how}
        for name, hours in zip(("told", "then_1", "then_2"), (0, *waits[: len(STEPS)]), strict=False):
            said[name] = [key_of(target) for target in rule.targets.all() if target.after_hours == hours]
            if hours:
                said[name.replace("then", "after")] = hours
        return said

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        for step in STEPS:
            if bool(said.get(f"after_{step}")) != bool(said.get(f"then_{step}")):
                self.add_error(f"after_{step}", "Say both: after how many hours, and who.")
        return said

    @property
    def targets(self) -> list[TargetSaid]:
        said = self.cleaned_data
        steps = [(0, said["told"]), *((said[f"after_{step}"] or 0, said[f"then_{step}"]) for step in STEPS)]
        told = [(hours, key.partition(":")) for hours, keys in steps for key in keys]
        return [TargetSaid(kind, ref, hours) for hours, (kind, _, ref) in told]

    def receivers(self) -> list[Any]:
        """The fields of who is told, for the page."""
        return [self[name] for name in self.field_order[1:]]


def receivers() -> list[tuple[str, Any]]:
    """Everybody and everything that a rule can tell, in groups."""
    members = [(f"{TargetKind.MEMBER}:{one.user.public_id}", person(one)) for one in active_members()]
    rotas = [(f"{TargetKind.ROTA}:{one.public_id}", f"On call: {one.name}") for one in queries.rotas()]
    channels = [(f"{TargetKind.ENDPOINT}:{one.public_id}", one.name) for one in delivery.endpoints()]
    roles = [(f"{TargetKind.ROLE}:{role}", f"Every {label.lower()}") for role, label in ROLES]
    groups = (("On call", rotas), ("Roles", roles), ("People", members), ("Channels", channels))
    return [(group, choices) for group, choices in groups if choices]


def key_of(target: Any) -> str:
    """A kept target as the form names it."""
    thing = {
        TargetKind.ROLE: lambda: target.role,
        TargetKind.MEMBER: lambda: target.member.user.public_id,
        TargetKind.ROTA: lambda: target.rota.public_id,
        TargetKind.ENDPOINT: lambda: target.endpoint.public_id,
    }[TargetKind(target.kind)]
    return f"{target.kind}:{thing()}"


class MuteForm(ScopeForm):
    """Of which incidents nobody is told for a while."""

    reason = forms.CharField(
        label="Why", max_length=300, help_text="As everybody here may read it: no patient's name."
    )  # fmt: skip
    expires_on = forms.DateField(label="Until the end of", widget=DAY)

    def expires_at(self, zone: str) -> datetime:
        """The end of that day in the practice."""
        return datetime.combine(self.cleaned_data["expires_on"], time(23, 59), ZoneInfo(zone))
