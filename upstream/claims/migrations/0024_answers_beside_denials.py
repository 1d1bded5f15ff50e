from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Reversals, and lines that were answered under another code: few, and looked for by each detection run."""

    atomic = False
    dependencies = [("claims", "0023_modifiers_of_claims")]

    operations = [
        AddIndexConcurrently(
            "adjudication",
            models.Index(condition=models.Q(("outcome", 5)), fields=["tenant", "claim"], name="reversal_of_claim"),
        ),
        AddIndexConcurrently(
            "lineadjudication",
            models.Index(condition=models.Q(("billed_code__gt", "")), fields=["tenant", "adjudication"], name="answered_otherwise"),
        ),
    ]
