import django.db.models.deletion
from django.db import migrations, models

from upstream.core.db.wall import TenantTie, TenantWall

ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))
OPTIONS = {"abstract": False, "base_manager_name": "objects"}


def tenant():
    return ("tenant", models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.organization"))


def key(to, **kwargs):
    return models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to, **kwargs)


class Migration(migrations.Migration):
    dependencies = [("claims", "0007_raw_payer_of_facts")]
    operations = [
        migrations.CreateModel(
            name="PayerOrg",
            fields=[
                ID,
                ("name", models.CharField(max_length=200)),
                ("name_key", models.CharField(editable=False, max_length=200)),
                tenant(),
            ],
            options={**OPTIONS, "constraints": [models.UniqueConstraint(fields=("tenant", "name_key"), name="payer_org_once")]},
        ),
        TenantWall("claims_payerorg"),
        migrations.AddField("payer", "org", key("claims.payerorg", null=True)),
        migrations.AddField("payer", "counted_with", key("claims.payer", null=True)),
        migrations.AddField("payer", "named_by_person", models.BooleanField(default=False)),
        migrations.AddField("payer", "state", models.CharField(blank=True, default="", max_length=20), preserve_default=False),
        migrations.AddField("payer", "product_class", models.CharField(choices=[('ma', 'Medicare Advantage'), ('supplement', 'Medicare supplement'), ('medicare', 'Medicare'), ('medicare_unclear', 'Medicare, not said which'), ('medicaid_mco', 'Medicaid managed care'), ('medicaid', 'Medicaid'), ('qhp', 'Marketplace (QHP)'), ('bluecard', 'BlueCard'), ('federal', 'Federal employees'), ('tricare', 'TRICARE'), ('va', 'Veterans Affairs'), ('injury', "Workers' compensation or auto"), ('dental', 'Dental'), ('vision', 'Vision'), ('behavioral', 'Behavioral health'), ('self_funded', 'Self-funded'), ('commercial', 'Commercial, or not said')], default="commercial", max_length=20)),
        migrations.AddField("payer", "payer_type", models.CharField(choices=[('unknown', 'Not known yet'), ('medicare_ffs', 'Medicare'), ('medicare_advantage', 'Medicare Advantage, contracted'), ('medicare_advantage_other', 'Medicare Advantage, not contracted'), ('medicaid_ffs', 'Medicaid, paid by the state'), ('medicaid_mco', 'Medicaid managed care plan'), ('commercial', 'Commercial, contracted'), ('self_funded', "Employer's own fund (ERISA)"), ('bluecard', 'BlueCard'), ('marketplace', 'Marketplace plan (QHP)'), ('tricare', 'TRICARE'), ('va', 'Veterans Affairs community care'), ('workers_comp', "Workers' compensation or auto")], default="unknown", max_length=24)),
        migrations.AddField("payer", "type_from", models.CharField(blank=True, choices=[('name', 'its name'), ('person', 'a person')], default="", max_length=8), preserve_default=False),
        migrations.CreateModel(
            name="Product",
            fields=[ID, ("name", models.CharField(max_length=40)), ("payer", key("claims.payer")), tenant()],
            options={**OPTIONS, "constraints": [models.UniqueConstraint(fields=("tenant", "payer", "name"), name="product_once")]},
        ),
        TenantWall("claims_product", {"payer_id": "claims_payer"}),
        TenantTie("claims_payer", "org_id", "claims_payerorg"),
        TenantTie("claims_payer", "counted_with_id", "claims_payer"),
    ]
