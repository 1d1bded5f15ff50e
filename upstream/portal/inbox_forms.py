"""Which incidents the inbox shows, and in what order."""

from datetime import date

from django import forms
from django.db.models import F, QuerySet
from django.http import QueryDict

from upstream.alerts.choices import IncidentState, Severity
from upstream.alerts.models import Incident
from upstream.alerts.queries import open_incidents as not_closed
from upstream.claims import payer_queries
from upstream.portal.queries import incidents as queries
from upstream.portal.queries.people import name_of
from upstream.tenants.models import Membership
from upstream.tenants.queries import active_members

MINE, NOBODY = "mine", "nobody"
ORDERS = {
    "": ("", "What is urgent, then money"),
    "deadline": ("deadline", "Deadline"),
    "money": ("-at_stake_cents", "Money at stake"),
    "newest": ("-changed_at", "Changed last"),
}
OPEN, NOT_CLOSED, SNOOZED, CLOSED = "open", "not_closed", "snoozed", "closed"
STATES = [
    (OPEN, "Open"), (NOT_CLOSED, "Open and snoozed"), *IncidentState.choices, (SNOOZED, "Snoozed"), (CLOSED, "Closed"),
]  # fmt: skip
# What is asked for again and again, as the choices that show it.
KNOWN = (
    ("Mine", "owner=mine"),
    ("Nobody has it", "owner=nobody"),
    ("Critical and new", "state=new&severity=critical"),
    ("By deadline", "order=deadline"),
)


class InboxForm(forms.Form):
    """A value that is none of ours is left out of the question."""

    state = forms.CharField(required=False, widget=forms.HiddenInput)
    severity = forms.ChoiceField(label="Severity", required=False, choices=[("", "Any"), *Severity.choices])
    order = forms.ChoiceField(
        label="Order", required=False, choices=[(key, words) for key, (_, words) in ORDERS.items()]
    )

    def __init__(self, membership: Membership, data: QueryDict) -> None:
        super().__init__(data)
        self.membership = membership
        people = [(str(one.user.public_id), name_of(one)) for one in active_members()]
        self.fields["owner"] = forms.ChoiceField(
            label="Owner", required=False, choices=[("", "Anybody"), (MINE, "Me"), (NOBODY, "Nobody"), *people]
        )
        payers = [(str(one.public_id), one.name) for one in payer_queries.payers()]
        self.fields["payer"] = forms.ChoiceField(label="Payer", required=False, choices=[("", "All"), *payers])
        self.order_fields(["state", "owner", "payer", "severity", "order"])
        self.is_valid()

    @property
    def state_shown(self) -> str:
        return self.cleaned_data.get("state") or OPEN

    @property
    def narrowed(self) -> bool:
        """Whether something is chosen besides the state."""
        return any(self.cleaned_data.get(name) for name in ("owner", "payer", "severity", "order"))

    def rows(self, today: date) -> QuerySet[Incident]:
        """The incidents asked for."""
        told = self.cleaned_data
        rows = self._in_state(today)
        if told.get("severity"):
            rows = rows.filter(severity=told["severity"])
        if told.get("payer"):
            rows = rows.filter(payer__public_id=told["payer"])
        rows = self._owned(rows, told.get("owner", ""))
        order = ORDERS[told.get("order", "")][0]
        if not order:
            return rows
        first = F("deadline").asc(nulls_last=True) if order == "deadline" else order
        return rows.order_by(first, "pk")

    def _in_state(self, today: date) -> QuerySet[Incident]:
        state = self.state_shown
        if state == OPEN:
            return queries.open_incidents(today)
        known = {NOT_CLOSED: not_closed, SNOOZED: queries.snoozed_incidents, CLOSED: queries.closed_incidents}
        return known[state]() if state in known else queries.incidents_in_state(state)

    def _owned(self, rows: QuerySet[Incident], owner: str) -> QuerySet[Incident]:
        if owner == MINE:
            return rows.filter(assigned_to=self.membership)
        if owner == NOBODY:
            return rows.filter(assigned_to=None)
        return rows.filter(assigned_to__user__public_id=owner) if owner else rows
