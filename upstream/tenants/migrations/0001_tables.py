import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import upstream.core.phi.fields
import uuid
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models

from upstream.core.db.wall import TenantWall

DIRECTORY = (
    "id = nullif(current_setting('app.tenant_id', true), '')::bigint OR current_setting('app.directory', true) = 'on'"
)


class Migration(migrations.Migration):
    replaces = [
        ("tenants", "0001_initial"),
        ("tenants", "0002_api_answers"),
        ("tenants", "0003_saved_views"),
        ("tenants", "0004_clinicians_have_a_provider_number"),
        ("tenants", "0005_how_people_sign_in"),
        ("tenants", "0006_staff_visits"),
        ("tenants", "0007_feature_switches"),
        ("tenants", "0008_drafts"),
    ]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Organization",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("slug", models.SlugField(unique=True)),
                ("name", models.CharField(max_length=200)),
                ("time_zone", models.CharField(default="America/Chicago", max_length=64)),
                (
                    "false_incidents_per_quarter",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0.2"),
                        help_text="How many false incidents in three months the practice is willing to look at.",
                        max_digits=4,
                    ),
                ),
                (
                    "paper",
                    models.CharField(choices=[("Letter", "US Letter"), ("A4", "A4")], default="Letter", max_length=6),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "idle_minutes",
                    models.SmallIntegerField(help_text="Blank: as long as the installation says.", null=True),
                ),
                (
                    "second_factor",
                    models.CharField(
                        choices=[
                            ("optional", "Whoever wants to"),
                            ("phi", "Everybody who may see patients' values"),
                            ("all", "Everybody"),
                        ],
                        db_default="optional",
                        default="optional",
                        max_length=10,
                    ),
                ),
                ("visited_because", models.CharField(blank=True, db_default="", max_length=80)),
                ("visited_until", models.DateTimeField(null=True)),
                ("switched_off", models.JSONField(db_default=models.Value([], models.JSONField()), default=list)),
            ],
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
                (
                    "session_epoch",
                    models.IntegerField(db_default=0, default=0, help_text="Counts up to end every session at once."),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(django.db.models.functions.text.Lower("email"), name="email_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "Owner"),
                            ("manager", "Billing manager"),
                            ("biller", "Biller"),
                            ("clinician", "Clinician"),
                            ("auditor", "Compliance officer"),
                            ("staff", "Upstream staff"),
                        ],
                        max_length=16,
                    ),
                ),
                ("active", models.BooleanField(default=True)),
                ("wants_mail", models.BooleanField(default=True, help_text="Gets incident and report mail.")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
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
                ("provider_npi", models.CharField(blank=True, db_default="", default="", max_length=10)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant", "user"), name="member_once_per_tenant")],
            },
        ),
        migrations.CreateModel(
            name="ApiClient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("client_id", models.CharField(max_length=80, unique=True)),
                ("name", models.CharField(max_length=100)),
                ("secret_hash", models.CharField(max_length=64)),
                ("scopes", models.JSONField(default=list)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("last_used_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
            },
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("name_key", models.CharField(editable=False, max_length=200)),
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "name_key"), name="site_once_per_tenant")],
            },
        ),
        migrations.CreateModel(
            name="TenantSecret",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sealed", models.BinaryField()),
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
                "constraints": [models.UniqueConstraint(fields=("tenant",), name="one_secret_per_tenant")],
            },
        ),
        migrations.CreateModel(
            name="ApiAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("client_id", models.CharField(max_length=80)),
                ("key_hash", models.CharField(max_length=64)),
                ("fingerprint", models.CharField(max_length=64)),
                ("status", models.SmallIntegerField()),
                ("location", models.CharField(blank=True, max_length=200)),
                ("body", models.JSONField()),
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
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "client_id", "key_hash"), name="answer_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("screen", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=40)),
                ("query", models.CharField(max_length=300)),
                (
                    "member",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to="tenants.membership",
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
                    models.UniqueConstraint(fields=("tenant", "public_id"), name="saved_view_public_id"),
                    models.UniqueConstraint(fields=("tenant", "member", "screen", "name"), name="saved_view_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("path", models.CharField(max_length=200)),
                ("sealed_fields", upstream.core.phi.fields.SealedField()),
                ("at", models.DateTimeField()),
                (
                    "member",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.membership",
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "member", "path"), name="draft_once")],
            },
        ),
        migrations.RunSQL(
            [
                "ALTER TABLE tenants_organization ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
                f"CREATE POLICY tenant_wall ON tenants_organization USING ({DIRECTORY}) WITH CHECK ({DIRECTORY})",
            ],
            [
                "DROP POLICY tenant_wall ON tenants_organization",
                "ALTER TABLE tenants_organization NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY",
            ],
        ),
        TenantWall("tenants_tenantsecret"),
        TenantWall("tenants_site"),
        TenantWall("tenants_membership", also="user_id = nullif(current_setting('app.user_id', true), '')::bigint"),
        TenantWall("tenants_apiclient"),
        TenantWall("tenants_apianswer"),
        TenantWall("tenants_savedview", {"member_id": "tenants_membership"}),
        TenantWall("tenants_draft", {"member_id": "tenants_membership"}),
    ]
