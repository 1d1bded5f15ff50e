"""One report that somebody of an invented practice has put together and shared."""

from upstream.explore.models import OwnReport
from upstream.explore.services import save_report

NAME = "Refused dollars by payer and reason"
DEFINITION = {
    "measures": ["refused", "denied_dollars", "denied_claims"], "by": ["payer", "category"], "basis": "answer",
    "weeks": 13, "sort": "refused",
}  # fmt: skip


def keep_report(actor: str) -> None:
    """The bound practice has the report; nothing when it has any."""
    if OwnReport.objects.exists():
        return
    save_report(name=NAME, definition=DEFINITION, shared=True, actor=actor)
