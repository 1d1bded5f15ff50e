from django.db import migrations, models

import upstream.core.clock


class Migration(migrations.Migration):
    dependencies = [("detection", "0002_run_state")]
    operations = [
        migrations.AddField("detectionrun", "looked_at", models.DateTimeField(default=upstream.core.clock.now)),
    ]
