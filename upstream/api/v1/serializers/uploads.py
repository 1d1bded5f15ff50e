"""Files sent in, and what became of them."""

from typing import Any

from rest_framework import serializers

from upstream.api.shapes import Shape, Strict
from upstream.ingestion.choices import DiscardReason, RejectionState

STATUSES = ["waiting", "needs_mapping", "loaded", "partly_loaded", "rejected"]
ANSWERS = [*STATUSES, "duplicate"]


class UploadRequest(Strict):
    known_at = serializers.DateTimeField(required=False, help_text="When the content became known; now when left out.")
    profile = serializers.CharField(
        required=False,
        max_length=80,
        help_text="The mapping by which a CSV or Excel file is read; found when left out.",
    )


class UploadQuery(Strict):
    pass


class UploadAccepted(Shape):
    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=ANSWERS)
    sha256 = serializers.CharField()
    duplicate = serializers.BooleanField(help_text="The same bytes came before; nothing is doubled.")
    job = serializers.CharField(help_text="Path where the progress is told.")


class Counts(Shape):
    claims = serializers.IntegerField()
    lines = serializers.IntegerField()
    adjudications = serializers.IntegerField()
    rejected = serializers.IntegerField()


class Besides(Shape):
    """What the file said beside claims and answers."""

    statuses = serializers.IntegerField(help_text="What 277CA and 277 said of claims.")
    claims_rejected = serializers.IntegerField(
        source="refusals", help_text="Claims turned away before adjudication, which is no denial."
    )
    authorizations = serializers.IntegerField()
    coverages = serializers.IntegerField()
    acknowledgements = serializers.IntegerField(help_text="TA1, 999 and 997 of our deliveries.")


class RejectedRow(Shape):
    line = serializers.IntegerField(source="position")
    field = serializers.CharField()
    code = serializers.CharField()


class WaitingRow(RejectedRow):
    id = serializers.UUIDField(source="public_id")
    state = serializers.ChoiceField(choices=RejectionState.choices)
    reason = serializers.CharField(help_text="Why it was left out for good.")
    settled_at = serializers.DateTimeField(allow_null=True)
    replayed_in = serializers.UUIDField(
        source="replayed_in.public_id", allow_null=True, default=None, help_text="The file in which it was loaded."
    )


class RowDetail(WaitingRow):
    upload = serializers.UUIDField(source="batch.public_id")
    text = serializers.CharField(required=False, help_text="The row itself; only with `fields=text` and read_phi.")


class RowQuery(Strict):
    """`fields` cannot be a declared attribute of a serializer, which has its own."""

    def get_fields(self) -> dict[str, Any]:
        choice = serializers.ChoiceField(choices=["text"], required=False, help_text="Adds the row itself.")
        return {**super().get_fields(), "fields": choice}


class FixRequest(Strict):
    text = serializers.CharField(max_length=20_000, help_text="The row as it should have been, in the file's columns.")


class DiscardRequest(Strict):
    reason = serializers.ChoiceField(choices=DiscardReason.choices)


class ReplayAnswer(Shape):
    fixed = serializers.IntegerField(help_text="Rows that can be read now; they are being loaded.")
    still_open = serializers.IntegerField()


class ProgressShape(Shape):
    bytes_done = serializers.IntegerField()
    bytes_total = serializers.IntegerField()
    claims = serializers.IntegerField()


class UploadShape(Shape):
    id = serializers.UUIDField(source="public_id")
    status = serializers.ChoiceField(choices=STATUSES)
    sha256 = serializers.CharField()
    size = serializers.IntegerField()
    format = serializers.CharField(help_text="Empty until the file was read.")
    received_at = serializers.DateTimeField()
    received_from = serializers.CharField()
    repeats = serializers.UUIDField(
        source="repeats.public_id",
        allow_null=True,
        default=None,
        help_text="The upload that brought the same payments before, in another envelope: nothing in this one was new.",
    )
    already_received = serializers.DateTimeField(
        source="repeats.received_at", allow_null=True, default=None, help_text="When that one came."
    )
    loaded_at = serializers.DateTimeField(allow_null=True)
    known_at = serializers.DateTimeField(allow_null=True)
    counts = Counts(source="*")
    besides = Besides(source="*")
    error_code = serializers.CharField()
    error_message = serializers.CharField()


class ZonesShape(Shape):
    """Where the file's content is: read, kept, in quarantine (waiting, put right, left out for good)."""

    staged = serializers.IntegerField()
    curated = serializers.IntegerField()
    open = serializers.IntegerField()
    fixed = serializers.IntegerField()
    discarded = serializers.IntegerField()


class MemberShape(Shape):
    """One file of a zip archive, which is an upload of its own."""

    upload = serializers.UUIDField(
        source="batch.public_id", allow_null=True, default=None, help_text="Null when it could not be unpacked."
    )
    status = serializers.ChoiceField(choices=STATUSES, source="batch.status", default="rejected")
    duplicate = serializers.SerializerMethodField(help_text="The same content came before; nothing is doubled.")
    error_code = serializers.CharField()

    def get_duplicate(self, member: Any) -> bool:
        return member.batch is not None and not member.new


class InsideShape(Shape):
    members = MemberShape(many=True, help_text="The first 500 files of a zip archive.")
    zones = ZonesShape()
    progress = ProgressShape(allow_null=True)
    rejections = RejectedRow(many=True, help_text="The first 100; the rest at /rejections/.")


class UploadDetail(UploadShape, InsideShape):
    """Both: what every file is, and what is inside of this one."""


def answer_of(batch: Any, *, new: bool, job: str) -> dict[str, Any]:
    """UploadAccepted, ready for JSON."""
    return {
        "id": str(batch.public_id),
        "status": batch.status if new else "duplicate",
        "sha256": batch.sha256,
        "duplicate": not new,
        "job": job,
    }
