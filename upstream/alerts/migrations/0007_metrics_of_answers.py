from django.db import migrations, models

METRICS = [("denial_rate", "Denial rate"), ("denial_dollars", "Denied dollars"), ("payment_delay", "Payment delay"), ("underpayment", "Underpayment"), ("down_coding", "Down-coding"), ("take_backs", "Money taken back"), ("silent_claims", "Claims without an answer")]


class Migration(migrations.Migration):
    dependencies = [("alerts", "0006_payer_clocks")]
    operations = [migrations.AlterField("incident", "metric", models.CharField(choices=METRICS, max_length=16))]
