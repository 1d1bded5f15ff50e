"""Search, kept choices of rows, a clinician's panel, and the access log."""

from rest_framework import serializers

from upstream.api.shapes import Shape, Strict
from upstream.api.v1.serializers.common import PayerName
from upstream.api.v1.serializers.register import EntryShape, RiskShape
from upstream.audit.queries import AFTER
from upstream.explore.finding import FILE, INCIDENT, LONGEST, PAYER
from upstream.tenants.saved_views import SCREENS

OUTCOMES = ["granted", "refused"]


class SearchRequest(Strict):
    q = serializers.CharField(max_length=LONGEST, help_text="Words of a name, or an incident's id; no claim number.")


class FoundShape(Shape):
    kind = serializers.ChoiceField(choices=[INCIDENT, PAYER, FILE])
    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField(help_text="A file's name with the scope read_phi; else the start of its fingerprint.")
    state = serializers.CharField(help_text="Of an incident.")
    day = serializers.CharField(help_text="On which a file came.")


class FoundList(Shape):
    results = FoundShape(many=True)


class SavedViewQuery(Strict):
    member = serializers.UUIDField(required=False, help_text="Id of a member.")
    screen = serializers.ChoiceField(choices=list(SCREENS), required=False)


class SavedViewRequest(Strict):
    member = serializers.UUIDField(help_text="Whose it is to be.")
    screen = serializers.ChoiceField(choices=list(SCREENS))
    name = serializers.CharField(max_length=40)
    query = serializers.CharField(max_length=300, allow_blank=True, help_text="As in the page's address.")


class SavedViewShape(Shape):
    id = serializers.UUIDField(source="public_id")
    member = serializers.UUIDField(source="member.user.public_id")
    screen = serializers.ChoiceField(choices=list(SCREENS))
    name = serializers.CharField()
    query = serializers.CharField(help_text="What chooses rows; anything else that was sent is left out.")


class PanelQuery(Strict):
    npi = serializers.RegexField(r"^\d{10}$", help_text="A clinician's provider number.")


class AskingShape(Shape):
    """A denied claim that wants something from the clinician."""

    id = serializers.UUIDField(source="item.public_id", help_text="Of the worklist.")
    claim = serializers.UUIDField(source="item.claim.public_id")
    payer = PayerName(source="item.payer")
    category = serializers.CharField(source="item.category")
    deadline = serializers.DateField(source="item.deadline")
    wants = serializers.CharField(help_text="What payers ask for with this reason, in words.")


class LessonShape(Shape):
    reason = serializers.CharField()
    claims = serializers.IntegerField(help_text="Of the last thirty days.")
    wants = serializers.CharField()


class PanelShape(Shape):
    authorizations = EntryShape(many=True, source="entries", help_text="End or run out soon.")
    risks = RiskShape(many=True, help_text="Claims that may be refused for their authorization.")
    asked = AskingShape(many=True, help_text="Records and reasons that payers wait for.")
    lessons = LessonShape(many=True, help_text="Reasons that came back.")


class AccessQuery(Strict):
    actor = serializers.CharField(required=False, max_length=80, help_text="user:ID, client:ID, or machines.")
    action = serializers.CharField(required=False, max_length=40, help_text="As it is written; exports: any file.")
    subject = serializers.CharField(required=False, max_length=80, help_text="Any part of it.")
    purpose = serializers.CharField(required=False, max_length=80)
    address = serializers.IPAddressField(required=False)
    outcome = serializers.ChoiceField(choices=OUTCOMES, required=False)
    hours = serializers.ChoiceField(choices=[AFTER], required=False, help_text="Evenings, nights and weekends.")
    least = serializers.IntegerField(required=False, min_value=1, help_text="At least so many records.")
    first = serializers.DateField(required=False)
    last = serializers.DateField(required=False, help_text="The last day that is included.")


class AccessShape(Shape):
    """One look at identifying values, or another act that is written down; never the values."""

    number = serializers.IntegerField(help_text="In the order of the chain, without a gap.")
    at = serializers.DateTimeField()
    actor = serializers.CharField()
    action = serializers.CharField()
    subject = serializers.CharField()
    records = serializers.IntegerField()
    purpose = serializers.CharField()
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    address = serializers.CharField()
    request_id = serializers.CharField()
