import datetime

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Claims of which no file of the practice has told, by day of service: few, and asked for at each load."""

    atomic = False
    dependencies = [("claims", "0014_claim_matches")]

    operations = [
        AddIndexConcurrently(
            "claim",
            models.Index(condition=models.Q(('facts_known_at', datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.UTC))), fields=['tenant', 'service_date'], name='remitted_alone'),
        ),
    ]
