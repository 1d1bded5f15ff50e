import uuid

from django.db import migrations, models

import upstream.core.phi.fields


class Migration(migrations.Migration):
    """Notes of steps are sealed; none were kept before a first release."""

    dependencies = [("alerts", "0004_claim_deadlines")]

    operations = [
        migrations.RemoveField("transition", "note"),
        migrations.AddField("transition", "public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
        migrations.AddField("transition", "sealed_note", upstream.core.phi.fields.SealedField(null=True)),
    ]
