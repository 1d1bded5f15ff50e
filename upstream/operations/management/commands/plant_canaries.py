from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from upstream.operations.canaries import CANARIES, plant
from upstream.tenants.commands import TenantCommand
from upstream.tenants.models import Organization


class Command(TenantCommand):
    help = "Plants recognisable values of invented people in every entry, to search for them where they must not be."

    def handle_tenant(self, organization: Organization, **options: Any) -> None:
        if settings.REAL_DATA_MODE:
            raise CommandError("REAL_DATA_MODE refuses plant_canaries: invented people do not belong among real ones")
        planted = plant()
        lines = [f"{name}: {value}" for name, value in CANARIES.items()]
        words = f"{organization.slug}: {planted['files']} files, {planted['notes']} notes"
        self.answer("\n".join([words, *lines]), {"tenant": organization.slug, **planted, "canaries": CANARIES})
