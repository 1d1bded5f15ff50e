import django.db.models.deletion
from django.db import migrations, models

from upstream.core.db.wall import TenantWall


class Migration(migrations.Migration):
    replaces = [("kpis", "0001_sums"), ("kpis", "0002_answers_by_day")]

    initial = True

    dependencies = [
        ("claims", "0001_tables"),
        ("tenants", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Price",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("procedure_code", models.CharField(blank=True, max_length=16)),
                ("claims", models.IntegerField()),
                ("billed_cents", models.BigIntegerField()),
                ("allowed_cents", models.BigIntegerField()),
                (
                    "payer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.payer",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "payer", "procedure_code"), name="kpi_price_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ReworkCost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cents", models.BigIntegerField()),
                ("valid_from", models.DateField()),
                ("source", models.CharField(max_length=200)),
                ("said_by", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "-valid_from", "-id"], name="rework_cost_newest")],
            },
        ),
        migrations.CreateModel(
            name="SummedWeek",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("week", models.DateField()),
                ("changes", models.BigIntegerField()),
                ("statuses", models.BigIntegerField()),
                ("layout", models.CharField(max_length=60)),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant", "week"), name="summed_week_once")],
            },
        ),
        migrations.CreateModel(
            name="WeekSum",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sent_week", models.DateField()),
                (
                    "fact",
                    models.CharField(
                        choices=[
                            ("sent", "Families submitted"),
                            ("answered", "Families answered for the first time"),
                            ("first_pass", "Families settled by the first answer, without any rework"),
                            ("sent_again", "Times that a claim was sent again after its first submission"),
                            ("paid_after", "Families paid, by days from first submission to first payment"),
                            (
                                "left_unpaid",
                                "Families answered and never paid, by days from first submission to that answer",
                            ),
                            ("answered_after", "Families answered, by days from first submission to the first answer"),
                            ("open_since", "Families without an answer, by the day of first submission"),
                            ("acknowledged", "Families that were acknowledged before adjudication"),
                            ("turned_away", "Of those, families that were ever turned away"),
                            ("denied_paid", "Families denied first and paid later, by days between"),
                            ("denied_patient", "Families denied first and given to the patient later, by days between"),
                            ("denied_open", "Families whose first denial stands, by the day of the denial"),
                            ("denied", "First answers that refuse the whole claim, by procedure"),
                            (
                                "partly",
                                "First answers that refuse some lines, by procedure; money of those lines alone",
                            ),
                            ("auth_denied", "First answers that refuse for want of an authorization, by procedure"),
                            (
                                "under_auth",
                                "First answers to claims that were sent under an authorization, by procedure",
                            ),
                            ("down_coded", "First answers to claims of which a line was answered under another code"),
                            ("by_procedure", "First answers, by procedure"),
                            ("remit_after", "Answers, by days from the payer's receipt to its payment advice"),
                            ("paid", "Answers that pay, with what they pay"),
                            ("taken_back", "Answers that take money back, with how much"),
                            ("collected", "Families, with what their first payer paid, less what it took back"),
                            ("collectable", "Families paid, with what was allowed less the patient's share"),
                            ("uncollected", "Families refused or unanswered, with their charges"),
                        ],
                        max_length=16,
                    ),
                ),
                ("week", models.DateField()),
                ("place", models.CharField(blank=True, max_length=16)),
                ("days", models.IntegerField(default=0)),
                ("number", models.BigIntegerField()),
                ("cents", models.BigIntegerField()),
                ("most_cents", models.BigIntegerField()),
                (
                    "payer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.payer",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "fact", "week"], name="week_sum_by_fact")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "sent_week", "fact", "payer", "week", "place", "days"), name="week_sum_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AnswerDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sent_week", models.DateField()),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("submission", "Day of submission"),
                            ("remit", "Day of payment"),
                            ("service", "Day of service"),
                        ],
                        max_length=10,
                    ),
                ),
                ("day", models.DateField()),
                ("claims", models.IntegerField()),
                ("week_first", models.IntegerField()),
                ("week_last", models.IntegerField()),
                ("month_first", models.IntegerField()),
                ("month_last", models.IntegerField()),
                ("answers", models.IntegerField()),
                ("denied", models.IntegerField()),
                ("billed_cents", models.BigIntegerField()),
                ("allowed_cents", models.BigIntegerField()),
                ("paid_cents", models.BigIntegerField()),
                ("patient_cents", models.BigIntegerField()),
                (
                    "payer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.payer",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "basis", "day"], name="answer_day_by_day")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "sent_week", "basis", "day", "payer"), name="answer_day_once"
                    )
                ],
            },
        ),
        TenantWall("kpis_price", {"payer_id": "claims_payer"}),
        TenantWall("kpis_reworkcost"),
        TenantWall("kpis_summedweek"),
        TenantWall("kpis_weeksum", {"payer_id": "claims_payer"}),
        TenantWall("kpis_answerday", {"payer_id": "claims_payer"}),
    ]
