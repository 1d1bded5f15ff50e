"""Every sealed column of a tenant, from all apps: what a rotation re-seals and a check opens."""

from upstream.alerts.models import Transition
from upstream.appeals.models import Letter, LetterEvent, LetterTemplate, Packet
from upstream.contracts.models import Step
from upstream.delivery.models import Endpoint
from upstream.explore.models import SqlQuestion
from upstream.ingestion import phi
from upstream.ingestion.phi import PublicIdColumn
from upstream.tenants.models import Draft
from upstream.worklist.models import Event

COLUMNS = (
    *phi.COLUMNS,
    PublicIdColumn(Transition, Transition.TABLE, "sealed_note", "public_id"),
    PublicIdColumn(Event, Event.TABLE, "sealed_note", "public_id"),
    PublicIdColumn(Step, Step.TABLE, "sealed_note", "public_id"),
    PublicIdColumn(LetterTemplate, LetterTemplate.TABLE, "sealed_words", "public_id"),
    PublicIdColumn(Letter, Letter.TABLE, "sealed_text", "public_id"),
    PublicIdColumn(Letter, Letter.TABLE, "sealed_tracking", "public_id"),
    PublicIdColumn(LetterEvent, LetterEvent.TABLE, "sealed_before", "public_id"),
    PublicIdColumn(LetterEvent, LetterEvent.TABLE, "sealed_note", "public_id"),
    PublicIdColumn(Packet, Packet.TABLE, "sealed_words", "public_id"),
    PublicIdColumn(Draft, Draft.TABLE, "sealed_fields", "public_id"),
    PublicIdColumn(Endpoint, Endpoint.TABLE, "sealed_url", "public_id"),
    PublicIdColumn(Endpoint, Endpoint.TABLE, "sealed_secrets", "public_id"),
    PublicIdColumn(SqlQuestion, SqlQuestion.TABLE, "sealed_text", "public_id"),
)
