from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Claims of a payer and a day of service: what a remitted claim under another number may answer."""

    atomic = False
    dependencies = [("claims", "0025_how_often_weeks_changed")]

    operations = [
        AddIndexConcurrently(
            "claim", models.Index(fields=["service_date", "payer", "tenant"], name="claim_by_service")
        ),
    ]
