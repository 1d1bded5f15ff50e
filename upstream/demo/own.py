"""One report that the demo's manager has put together and shared."""

from upstream.explore.models import OwnReport
from upstream.explore.services import save_report
from upstream.tenants.choices import Role
from upstream.tenants.models import Membership

NAME = "Refused dollars by payer and reason"
DEFINITION = {
    "measures": ["refused", "denied_dollars", "denied_claims"], "by": ["payer", "category"], "basis": "answer",
    "weeks": 13, "sort": "refused",
}  # fmt: skip


def keep_report() -> None:
    """The bound practice has the report; nothing when it has any."""
    if OwnReport.objects.exists():
        return
    manager = Membership.objects.select_related("user").filter(role=Role.MANAGER).order_by("pk")[0]
    save_report(name=NAME, definition=DEFINITION, shared=True, actor=f"user:{manager.user.public_id}")
