from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Claims that replace another one, by their family: few, and asked for by the page of each."""

    atomic = False
    dependencies = [("claims", "0018_replacements_by_payer_number")]

    operations = [
        AddIndexConcurrently(
            "claim",
            models.Index(condition=models.Q(('family_key', models.F('number_bidx')), _negated=True), fields=['tenant', 'family_key'], name='claim_in_family'),
        ),
    ]
