"""Addresses of reports: pages for people who sign in, and links to files that are signed and soon over."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from upstream.core import clock
from upstream.core.errors import DomainError
from upstream.reports.models import Artifact, Definition, ReportRun
from upstream.tenants.queries import bound_organization

SALT = "reports.file"
ON_A_PAGE, IN_A_MAIL = timedelta(hours=1), timedelta(days=3)


class LinkOver(DomainError):
    """A link whose time is over; `artifact` is what it led to."""

    status = 410

    def __init__(self, artifact: Artifact) -> None:
        super().__init__("link_over", "this link is over; the report's page has a new one")
        self.artifact = artifact


@dataclass(frozen=True)
class Held:
    """A link to a file of a run, for people who may see it."""

    artifact: Artifact
    path: str


def link_to(run: ReportRun) -> str:
    """The run's page in the portal, for people who sign in."""
    return f"{settings.PORTAL_BASE_URL}{reverse('portal:report', args=[run.public_id])}"


def link_to_definition(definition: Definition) -> str:
    """The page on which its readers stop getting it by mail."""
    return f"{settings.PORTAL_BASE_URL}{reverse('portal:definition', args=[definition.public_id])}"


def file_path(artifact: Artifact, lasting: timedelta = ON_A_PAGE) -> str:
    """The address of the file for so long: whoever opens it signs in, and is a member who may see reports.

    It names the practice and the file, both by their own ids, and carries no secret but its signature.
    """
    until = int((clock.now() + lasting).timestamp())
    said = [bound_organization().public_id.hex, artifact.pk, until]
    return reverse("portal:report_file", args=[signing.dumps(said, salt=SALT)])


def held(artifacts: list[Artifact]) -> list[Held]:
    """The files that are not removed yet, each with a fresh link."""
    return [Held(artifact, file_path(artifact)) for artifact in artifacts if artifact.removed_at is None]


def opened(token: str) -> Artifact | None:
    """The file that a link leads to; None for one that was not signed here, of another practice, or of no file.

    Raises LinkOver when it is the practice's own, and too old.
    """
    try:
        practice, artifact_id, until = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    if practice != bound_organization().public_id.hex:
        return None
    artifact: Artifact | None = Artifact.objects.select_related("run__definition").filter(pk=artifact_id).first()
    if artifact is not None and clock.now().timestamp() > until:
        raise LinkOver(artifact)
    return artifact
