"""What people say of a report that they want; words and shape only, the services decide."""

from typing import Any

from django import forms

from upstream.portal.queries.people import name_of
from upstream.portal.quiet_forms import Several, VersionedForm, offer
from upstream.reports import subjects, timing_words
from upstream.reports.definitions import LEAST_DAYS, MOST_DAYS, READERS, Wanted
from upstream.reports.kinds import Kind
from upstream.reports.mailing import FILES
from upstream.reports.models import Definition, Policy, Schedule
from upstream.reports.timing import Timing
from upstream.tenants.models import Organization
from upstream.tenants.people import ROLES
from upstream.tenants.queries import active_members

ZONES = (
    "America/New_York", "America/Detroit", "America/Chicago", "America/Denver", "America/Phoenix",
    "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico", "UTC",
)  # fmt: skip
PAPERS = [("", "As the practice prints"), ("Letter", "US Letter"), ("A4", "A4")]
SENT = [("attach", "The PDF, where that is allowed"), ("link", "Links alone")]


class DefinitionForm(VersionedForm):
    """A report: what, for whom, when, and how it is sent."""

    title = forms.CharField(label="Title", max_length=80, help_text="As it stands in lists and in the mail's subject.")
    about = forms.ChoiceField(label="About", required=False)
    when = forms.CharField(
        label="When", required=False, max_length=120,
        widget=forms.TextInput(attrs={"list": "whens", "autocomplete": "off"}),
        help_text="Such as: Mondays 07:00, every weekday 06:30, first working day of the month 08:00. Empty: only when"
        " somebody asks for it.",
    )  # fmt: skip
    zone = forms.ChoiceField(label="Time zone")
    formats = forms.MultipleChoiceField(label="Files", widget=forms.CheckboxSelectMultiple)
    paper = forms.ChoiceField(label="Paper", required=False, choices=PAPERS)
    roles = Several("Mailed to every", ROLES)
    people = Several("And to these people")
    sent = forms.ChoiceField(label="The mail carries", choices=SENT)
    kept_days = forms.IntegerField(
        label="Days for which files are kept",
        required=False,
        help_text="Empty: as the practice keeps them.",
        min_value=LEAST_DAYS,
        max_value=MOST_DAYS,
    )

    def __init__(self, *args: Any, kind: Kind, practice: Organization, row: Definition | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, schedule = kind, None if row is None else Schedule.objects.filter(definition=row).first()
        members = list(active_members())
        public = {member.pk: str(member.user.public_id) for member in members}
        zones = dict.fromkeys((practice.time_zone, *([schedule.zone] if schedule else ()), *ZONES))
        offer(self, "zone", [(zone, zone.replace("_", " ")) for zone in zones])
        offer(self, "formats", [(name, FILES[name]) for name in kind.formats])
        offer(self, "people", [(public[member.pk], name_of(member)) for member in members])
        if kind.about_one:
            offer(self, "about", [("", f"Choose the {kind.about_words}"), *subjects.things(kind)])
            self.fields["about"].required = True
        else:
            del self.fields["about"]
        first = {"title": kind.title, "formats": kind.formats, "roles": READERS, "zone": practice.time_zone}
        self.initial = {**first, **self.initial} if row is None else _said_in(row, schedule, public, practice)

    def timing(self) -> Timing | None:
        """When it is due; Invalid("when") tells how to say it."""
        said = self.cleaned_data
        return timing_words.read(said["when"], said["zone"]) if said["when"].strip() else None

    @property
    def wanted(self) -> Wanted:
        """Everything that was said; Invalid("when") where its words are not understood."""
        said = self.cleaned_data
        parts = {name: said[name] for name in ("title", "paper", "formats", "roles", "people", "kept_days")}
        return Wanted(about=said.get("about", ""), attach=said["sent"] == "attach", timing=self.timing(), **parts)

    def groups(self) -> list[tuple[str, list[Any]]]:
        """The fields for the page, under their headings."""
        names = (
            ("What", ("title", "about", "formats", "paper", "kept_days")), ("When", ("when", "zone")),
            ("For whom", ("roles", "people", "sent")),
        )  # fmt: skip
        return [(heading, [self[name] for name in parts if name in self.fields]) for heading, parts in names]


def _said_in(
    row: Definition, schedule: Schedule | None, public: dict[int, str], practice: Organization
) -> dict[str, Any]:
    same = ("version", "title", "paper", "formats", "roles", "kept_days")
    return {
        **{name: getattr(row, name) for name in same},
        "about": row.subject,
        "people": [public[member] for member in row.people if member in public],
        "sent": "attach" if row.attach else "link",
        "when": timing_words.given(schedule.timing) if schedule else "",
        "zone": schedule.zone if schedule else practice.time_zone,
    }


class KeepingForm(VersionedForm):
    """What holds for all reports of the practice."""

    kept_days = forms.IntegerField(
        label="Days for which files of reports are kept", min_value=LEAST_DAYS, max_value=MOST_DAYS
    )
    may_attach = forms.BooleanField(
        label="Mail may carry a PDF", required=False,
        help_text="Only of reports that hold no claim number and no name. Without it, mails carry links alone.",
    )  # fmt: skip

    @classmethod
    def showing(cls, policy: Policy) -> "KeepingForm":
        return cls(initial={name: getattr(policy, name) for name in ("version", "kept_days", "may_attach")})
