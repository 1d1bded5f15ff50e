from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Reversals by the answer that they take back: asked for each answer that is withdrawn."""

    atomic = False
    dependencies = [("claims", "0027_what_was_withdrawn")]

    operations = [
        AddIndexConcurrently(
            "adjudication",
            models.Index(
                fields=["tenant", "reverses"], condition=models.Q(reverses__isnull=False), name="reversal_of_answer"
            ),
        ),
    ]
