"""Letters to payers and packets of evidence. What names a patient is sealed; lists show codes, dates and money."""

import json
import uuid
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from upstream.appeals.choices import Confidence, LetterState, Subject, Way, WorkState
from upstream.appeals.rules import WON, kind_of
from upstream.core.db.models import TenantModel, tenant_key
from upstream.core.phi.fields import SealedField
from upstream.core.phi.keyring import TenantKeys


class Sealing(TenantModel):
    """A row with a public id that binds its sealed columns to their place."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    TABLE: ClassVar[str]

    class Meta(TenantModel.Meta):
        abstract = True

    def seal_in(self, column: str, said: Any, keys: TenantKeys) -> None:
        """The column holds this, sealed; None for nothing. The caller saves."""
        plain = json.dumps(said, separators=(",", ":")).encode() if said else None
        setattr(self, column, keys.seal(plain, self.TABLE, column, self.public_id.bytes) if plain else None)

    def opened(self, column: str, keys: TenantKeys) -> Any:
        """What was sealed in the column, None for nothing; UnreadablePHI when it is not this row's."""
        envelope = getattr(self, column)
        return json.loads(keys.unseal(envelope, self.TABLE, column, self.public_id.bytes)) if envelope else None


class LetterTemplate(Sealing):
    """One version of what a practice writes on a subject, to one payer or to all, from a day on.

    `sealed_words` are its paragraphs with fields; `layout_sha256` names its own Word document, "" for the shipped one.
    A version is never changed; one taken back holds no more.
    """

    subject = models.CharField(max_length=10, choices=Subject.choices)
    payer = tenant_key("claims.Payer", null=True)
    version = models.SmallIntegerField()
    valid_from = models.DateField()
    sealed_words = SealedField()
    layout_sha256 = models.CharField(max_length=64, blank=True)
    layout_size = models.IntegerField(default=0)
    said_by = models.CharField(max_length=80)
    at = models.DateTimeField()
    taken_back_by = models.CharField(max_length=80, blank=True)
    taken_back_at = models.DateTimeField(null=True)

    TABLE = "appeals_lettertemplate"

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "subject", "payer", "version"], name="template_version_once", nulls_distinct=False
            ),
            models.UniqueConstraint(fields=["tenant", "public_id"], name="template_public_id"),
        ]

    def __str__(self) -> str:
        return f"template {self.public_id} version {self.version}"


class LetterBatch(Sealing):
    """Letters for all claims of one cause, drafted by a worker: `claims` are theirs, `position` how many are looked at.

    `letters` are those that came of it, also ones that were there before. The files of all are made when asked for.
    """

    incident = tenant_key("alerts.Incident", null=True)
    fingerprint = models.CharField(max_length=64)
    subject = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=6, choices=WorkState.choices, default=WorkState.DUE)
    claims = models.JSONField(default=list)
    letters = models.JSONField(default=list)
    position = models.IntegerField(default=0)
    made = models.IntegerField(default=0)
    attempts = models.SmallIntegerField(default=0)
    error_code = models.CharField(max_length=60, blank=True)
    requested_by = models.CharField(max_length=80)
    requested_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    files_state = models.CharField(max_length=6, choices=WorkState.choices, blank=True)
    files_attempts = models.SmallIntegerField(default=0)
    zip_sha256 = models.CharField(max_length=64, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    files_at = models.DateTimeField(null=True)

    TABLE = "appeals_letterbatch"

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "public_id"], name="letter_batch_public_id"),
            models.UniqueConstraint(
                fields=["tenant", "fingerprint"], condition=Q(state=WorkState.DUE), name="letter_batch_waits_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "id"], condition=Q(state=WorkState.DUE), name="letter_batch_due"),
            models.Index(fields=["tenant", "id"], condition=Q(files_state=WorkState.DUE), name="letter_files_due"),
        ]

    def __str__(self) -> str:
        return f"batch of letters {self.public_id}"

    @property
    def kept(self) -> int:
        """Letters that were there before."""
        return len(self.letters) - self.made


class Letter(Sealing):
    """One letter on one claim. `sealed_text` holds its paragraphs and the values of its fields as they were drafted.

    `version` counts its events. `amount_cents` is what is in dispute. `looked_at` is up to when answers of the payer
    were taken into account; `recovered_cents` what they brought more than before it was sent.
    """

    claim = tenant_key("claims.Claim")
    payer = tenant_key("claims.Payer")
    incident = tenant_key("alerts.Incident", null=True)
    batch = tenant_key(LetterBatch, null=True)
    template = tenant_key(LetterTemplate, null=True)
    subject = models.CharField(max_length=10, choices=Subject.choices)
    level = models.SmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=LetterState.choices, default=LetterState.DRAFT)
    version = models.IntegerField(default=1)
    amount_cents = models.BigIntegerField()
    deadline = models.DateField(null=True)
    sealed_text = SealedField()
    drafted_by = models.CharField(max_length=80)
    drafted_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    way = models.CharField(max_length=10, choices=Way.choices, blank=True)
    sent_on = models.DateField(null=True)
    sent_at = models.DateTimeField(null=True)
    sealed_tracking = SealedField(null=True)
    docx_sha256 = models.CharField(max_length=64, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    looked_at = models.DateTimeField(null=True)
    answered_on = models.DateField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)
    recovered_cents = models.BigIntegerField(default=0)

    TABLE = "appeals_letter"

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "public_id"], name="letter_public_id"),
            models.UniqueConstraint(
                fields=["tenant", "claim", "subject", "level"],
                condition=~Q(state=LetterState.WITHDRAWN),
                name="letter_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "state", "-changed_at"], name="letter_by_state"),
            models.Index(fields=["tenant", "claim"], name="letter_by_claim"),
            models.Index(fields=["tenant", "incident"], name="letter_by_incident"),
            models.Index(fields=["tenant", "payer", "subject"], name="letter_by_payer"),
            models.Index(
                fields=["tenant", "id"], condition=Q(sent_on__isnull=False, pdf_sha256=""), name="letter_to_keep"
            ),
        ]

    def __str__(self) -> str:
        return f"letter {self.public_id}"

    @property
    def kind(self) -> str:
        """What it is called: appeal, dispute, cover."""
        return kind_of(self.subject)

    @property
    def won(self) -> bool:
        return self.state in WON


class LetterEvent(Sealing):
    """One step of a letter; `number` is the letter's version after it. Undo is another step that names the one it
    takes back. `sealed_before` is what the step replaced, `sealed_note` what a person said of it."""

    letter = tenant_key(Letter, related_name="events")
    number = models.IntegerField()
    from_state = models.CharField(max_length=10, choices=LetterState.choices, blank=True)
    to_state = models.CharField(max_length=10, choices=LetterState.choices)
    edited = models.BooleanField(default=False)
    actor = models.CharField(max_length=80)
    sealed_before = SealedField(null=True)
    sealed_note = SealedField(null=True)
    undoes = tenant_key("self", null=True)
    at = models.DateTimeField()

    TABLE = "appeals_letterevent"

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "letter", "number"], name="letter_event_once"),
            models.UniqueConstraint(fields=["tenant", "undoes"], name="letter_event_undone_once"),
        ]

    def __str__(self) -> str:
        return f"step {self.number} of letter {self.letter_id}"


class ReviewLimit(TenantModel):
    """From which amount on a second person reads letters; empty for never. The newest word counts."""

    amount_cents = models.BigIntegerField(null=True)
    said_by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [models.Index(fields=["tenant", "-id"], name="review_limit_newest")]

    def __str__(self) -> str:
        return f"review limit {self.pk}"


class PromptPayRate(models.Model):
    """How many days a state's law is said to leave an insurer, and the yearly interest after; shared by all practices.

    From public lists, which disagree: nobody has checked it against the law, and `source` says where it was read.
    """

    place = models.CharField(max_length=2)
    days = models.SmallIntegerField()
    percent = models.DecimalField(max_digits=5, decimal_places=2)
    note = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=120)
    confidence = models.CharField(max_length=8, choices=Confidence.choices)
    valid_from = models.DateField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["place", "valid_from"], name="prompt_pay_rate_once")]

    def __str__(self) -> str:
        return f"{self.place}: {self.days} days, {self.percent}%"


class Packet(Sealing):
    """Evidence on one incident for the payer, as it stood when it was asked for; one `number` a packet and incident.

    `sealed_words` hold the statement, the clause and where it stands, as a person typed them. Money in cents:
    `total_cents` the expected allowed of the claims listed, `interest_cents` what being late comes to, unverified.
    """

    incident = tenant_key("alerts.Incident")
    number = models.SmallIntegerField()
    state = models.CharField(max_length=6, choices=WorkState.choices, default=WorkState.DUE)
    sealed_words = SealedField()
    interest_days = models.SmallIntegerField(null=True)
    interest_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    interest_source = models.CharField(max_length=120, blank=True)
    interest_confidence = models.CharField(max_length=8, choices=Confidence.choices, blank=True)
    as_of = models.DateField()
    claims = models.IntegerField(default=0)
    total_cents = models.BigIntegerField(default=0)
    interest_cents = models.BigIntegerField(default=0)
    content_hash = models.CharField(max_length=64, blank=True)
    files = models.JSONField(default=dict)
    attempts = models.SmallIntegerField(default=0)
    error_code = models.CharField(max_length=60, blank=True)
    requested_by = models.CharField(max_length=80)
    requested_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)

    TABLE = "appeals_packet"

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "public_id"], name="packet_public_id"),
            models.UniqueConstraint(fields=["tenant", "incident", "number"], name="packet_number_once"),
            models.UniqueConstraint(
                fields=["tenant", "incident"], condition=Q(state=WorkState.DUE), name="packet_waits_once"
            ),
        ]

    def __str__(self) -> str:
        return f"packet {self.number} of incident {self.incident_id}"


def on_or_before(day: date) -> Q:
    """Versions that hold on the day."""
    return Q(valid_from__lte=day, taken_back_at=None)
