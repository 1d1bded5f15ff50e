"""What people send us; words and shape only, the services decide."""

from datetime import date, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.files.uploadedfile import UploadedFile
from django.db.models import TextChoices
from django.http import QueryDict

from upstream.alerts.choices import ClockAction, ClockBasis
from upstream.claims import payer_queries, told_queries
from upstream.claims.choices import PayerType
from upstream.claims.models import Payer
from upstream.ingestion.quality.checks import CHECKS
from upstream.ingestion.reconciliation.choices import Basis, By
from upstream.ingestion.reconciliation.rules import Range
from upstream.portal.queries.reconciliation import Asked
from upstream.tenants.choices import Role
from upstream.tenants.models import Membership
from upstream.tenants.people import ROLES


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or more files, an empty one among them too; the cleaned value is a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list) and data else [data or None]
        return [super(FilesField, self).clean(file, initial) for file in files]


class UploadForm(forms.Form):
    """Files of claims or remittances, as many as wanted."""

    file = FilesField(
        label="Files",
        help_text="Claims as CSV, remittances as 835. Several at once; the same file twice changes nothing.",
        allow_empty_file=True,
        error_messages={"required": "Choose at least one file."},
    )


class SignInForm(AuthenticationForm):
    """E-mail address and password."""

    error_messages = {
        "invalid_login": "This e-mail address and password do not go together.",
        "inactive": "This account is closed.",
    }
    username = forms.EmailField(
        label="E-mail address",
        widget=forms.EmailInput(attrs={"autofocus": True, "autocomplete": "username", "spellcheck": "false"}),
    )

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).lower()


class ForgotForm(forms.Form):
    """The address to which a link to set a password goes."""

    email = forms.EmailField(label="E-mail address", widget=forms.EmailInput(attrs={"autocomplete": "username"}))


class PersonForm(forms.Form):
    """Who becomes a member, and as what."""

    email = forms.EmailField(label="E-mail address")
    role = forms.ChoiceField(label="Role", choices=ROLES, initial=Role.BILLER)


class MailForm(forms.ModelForm):
    """Whether a member gets mail from this practice."""

    class Meta:
        model = Membership
        fields = ("wants_mail",)
        labels: ClassVar[dict[str, str]] = {"wants_mail": "Mail me new incidents and the weekly report"}
        help_texts: ClassVar[dict[str, str]] = {"wants_mail": ""}


class NoteForm(forms.Form):
    """Why the data are right."""

    note = forms.CharField(label="Why the data are right", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class LimitForm(forms.Form):
    """The practice's own limit for one check; an empty limit turns the check off."""

    name = forms.ChoiceField(label="Check", choices=[(check.name, check.title) for check in CHECKS])
    value = forms.FloatField(
        label="Limit", required=False, min_value=0, max_value=1000,
        help_text="A share such as 0.02 for 2%, or a multiple of the usual. Empty turns the check off.",
    )  # fmt: skip
    valid_from = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label="Why", max_length=200)


class PeriodForm(forms.Form):
    """Which days, in which periods, by which day of a claim, of which payer; what is left out has a default."""

    def __init__(self, data: QueryDict, *, today: date, weeks: int) -> None:
        given = data.dict()
        asked = {**given, "by": given.get("by") or By.WEEK, "basis": given.get("basis") or Basis.REMIT}
        asked["last"] = given.get("last") or today.isoformat()
        asked["first"] = given.get("first") or (today - timedelta(weeks=weeks)).isoformat()
        super().__init__(asked)

    first = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label="To", widget=forms.DateInput(attrs={"type": "date"}))
    by = forms.ChoiceField(label="By", choices=By.choices)
    basis = forms.ChoiceField(label="Claims by", choices=Basis.choices)
    payer = forms.UUIDField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(required=False, max_length=8, widget=forms.HiddenInput)

    def asked(self) -> Asked:
        """Invalid when the days run backwards or are too many."""
        given = self.cleaned_data
        wanted = Range(given["first"], given["last"], By(given["by"]))
        return Asked(self, wanted, Basis(given["basis"]), given["payer"], given["reason"])


class ToldForm(forms.Form):
    """Which authorizations or coverages are listed. A value that is none of ours is left out of the question."""

    payer = forms.ChoiceField(label="Payer", required=False)
    status = forms.ChoiceField(label="Status", required=False)
    since = forms.DateField(label="From", required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label="To", required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, statuses: type[TextChoices], data: QueryDict) -> None:
        super().__init__(data)
        payers = payer_queries.payers().order_by("name").values_list("public_id", "name")
        found = [("", "All payers"), *((str(one), name) for one, name in payers)]
        self.fields["payer"] = forms.ChoiceField(label="Payer", required=False, choices=found)
        every = [("", "All"), *statuses.choices]
        self.fields["status"] = forms.ChoiceField(label="Status", required=False, choices=every)

    @property
    def wanted(self) -> told_queries.Asked:
        self.is_valid()
        told = self.cleaned_data
        payer = UUID(told["payer"]) if told.get("payer") else None
        return told_queries.Asked(payer, told.get("status", ""), told.get("since"), told.get("until"))


class DepositsForm(forms.Form):
    """A list of the bank's deposits."""

    deposits = forms.FileField(
        label="Deposits as CSV", help_text="Columns date, amount and check or trace number; other columns are not read."
    )


class PayerForm(forms.Form):
    """What a payer is called, which company stands behind it, and of which type it is."""

    name = forms.CharField(label="Name", max_length=200)
    org = forms.CharField(label="Company", max_length=200, required=False)
    payer_type = forms.ChoiceField(
        label="Type", choices=PayerType.choices, help_text="Decides the deadlines where no contract is entered below."
    )

    def __init__(self, payer: Payer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"name": payer.name, "org": payer.org.name if payer.org else "", "payer_type": payer.payer_type}


class ClockForm(forms.Form):
    """How many days a payer leaves for one kind of answer; no days end what was said before."""

    action = forms.ChoiceField(label="For", choices=ClockAction.choices)
    days = forms.IntegerField(
        label="Days", min_value=1, max_value=3660, required=False, help_text="Blank: no longer holds."
    )
    basis = forms.ChoiceField(label="Says", choices=ClockBasis.choices)
    source = forms.CharField(label="Where it is written", max_length=80, required=False)
    valid_from = forms.DateField(
        label="In force since", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Blank: always.",
    )  # fmt: skip


class PayerPicker(forms.Form):
    """Another payer than this one."""

    def __init__(self, payer: Payer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = payer_queries.payers().exclude(pk=payer.pk).values_list("public_id", "name")
        self.fields["other"] = forms.ChoiceField(label="Payer", choices=list(others))
