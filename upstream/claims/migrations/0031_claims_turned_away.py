from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Claims that were refused before adjudication: few, and looked for by each detection run."""

    atomic = False
    dependencies = [("claims", "0030_place_of_earlier_facts")]

    operations = [
        AddIndexConcurrently(
            "claimstatus",
            models.Index(condition=models.Q(("rejected", True)), fields=["tenant", "claim"], name="claim_turned_away"),
        ),
    ]
