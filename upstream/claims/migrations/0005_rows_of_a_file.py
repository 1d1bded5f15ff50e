import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    """Which rows a file brought, for looking at its data: block ranges, since a file's rows lie side by side."""

    atomic = False
    dependencies = [("claims", "0004_natural_keys")]

    operations = [
        AddIndexConcurrently(
            "claim",
            django.contrib.postgres.indexes.BrinIndex(
                fields=["tenant", "batch_id"], name="claim_by_file", autosummarize=True, pages_per_range=32
            ),
        ),
        AddIndexConcurrently(
            "adjudication",
            django.contrib.postgres.indexes.BrinIndex(
                fields=["tenant", "batch_id"], name="adjudication_by_file", autosummarize=True, pages_per_range=32
            ),
        ),
    ]
