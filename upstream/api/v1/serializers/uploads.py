"""Files sent in, and what became of them."""

from typing import Any

from rest_framework import serializers

from upstream.api.shapes import Shape, Strict

STATUSES = ["waiting", "loaded", "partly_loaded", "rejected"]
ANSWERS = [*STATUSES, "duplicate"]


class UploadRequest(Strict):
    known_at = serializers.DateTimeField(required=False, help_text="When the content became known; now when left out.")


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
    loaded_at = serializers.DateTimeField(allow_null=True)
    known_at = serializers.DateTimeField(allow_null=True)
    counts = Counts(source="*")
    besides = Besides(source="*")
    error_code = serializers.CharField()
    error_message = serializers.CharField()


class UploadDetail(UploadShape):
    progress = ProgressShape(allow_null=True)
    rejections = RejectedRow(many=True, source="rejections_shown", help_text="The first 100; the rest at /rejections/.")


def answer_of(batch: Any, *, new: bool, job: str) -> dict[str, Any]:
    """UploadAccepted, ready for JSON."""
    return {
        "id": str(batch.public_id),
        "status": batch.status if new else "duplicate",
        "sha256": batch.sha256,
        "duplicate": not new,
        "job": job,
    }
