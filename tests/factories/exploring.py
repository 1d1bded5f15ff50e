"""Own reports, and questions in SQL that were asked."""

from uuid import UUID

from tests.factories import NOON
from upstream.explore import services
from upstream.explore.models import OwnReport, SqlQuestion
from upstream.tenants.models import Membership
from upstream.tenants.services import tenant_keys

DEFINITION = {"measures": ["claims"], "by": ["payer"], "basis": "sent", "weeks": 13}


def own_report(member: Membership, name: str = "Claims by payer", *, shared: bool = False) -> OwnReport:
    """A kept report of the member."""
    return services.save_report(
        name=name, definition=DEFINITION, shared=shared, actor=f"user:{member.user.public_id}"
    )  # fmt: skip


def sql_question(member: Membership, text: str = "SELECT 1") -> SqlQuestion:
    """A question of the member as the record keeps it."""
    asked = SqlQuestion(actor=f"user:{member.user.public_id}", at=NOON, outcome="answered")
    asked.sealed_text = tenant_keys().seal(
        text.encode(), SqlQuestion.TABLE, "sealed_text", asked.public_id.bytes
    )  # fmt: skip
    asked.save()
    return asked


def own_questions(member: Membership) -> dict[str, UUID]:
    """One of each, by the first word of the names of their addresses."""
    report = own_report(member, "Known to Lakeside alone", shared=True)
    return {"own": report.public_id, "question": sql_question(member).public_id}
