from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Answers by the payer's own number for the claim: what it names when it takes money back."""

    atomic = False
    dependencies = [("claims", "0032_sent_under_authorizations")]

    operations = [
        AddIndexConcurrently(
            "adjudication",
            models.Index(
                fields=["tenant", "control_bidx"],
                condition=models.Q(control_bidx__isnull=False),
                name="answer_by_control_number",
            ),
        ),
    ]
