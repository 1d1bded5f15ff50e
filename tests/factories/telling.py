"""What people have been told, once the stages that tell have done what is ready."""

from upstream.delivery.choices import Kind
from upstream.delivery.models import Outbox
from upstream.pipeline import ready, take
from upstream.routing.stage import CLOSINGS, DIGESTS, NOTICES, OPENINGS


def tell_all() -> int:
    """Decide and let go everything that is ready now, without sending it; how many rows were taken."""
    return sum(take(stage, row) for stage in (OPENINGS, CLOSINGS, NOTICES, DIGESTS) for row in ready(stage))


def mails() -> int:
    """How many mails there are in all after that."""
    tell_all()
    return Outbox.objects.filter(kind=Kind.MAIL).count()
