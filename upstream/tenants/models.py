"""Organizations, their places and people, and the machines that act for them."""

import uuid
from decimal import Decimal
from typing import Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from upstream.core.db.models import TenantManager, TenantModel, tenant_key
from upstream.core.phi.fields import SealedField
from upstream.tenants.choices import Right, Role, SampleState, SecondFactor
from upstream.tenants.rules import rights_of


class Organization(models.Model):
    """A provider group: the tenant. With `sample_of` it is that one's sample practice, which holds invented claims."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=64, default="America/Chicago")
    false_incidents_per_quarter = models.DecimalField(
        max_digits=4,
        decimal_places=2,
        default=Decimal("0.2"),
        help_text="How many false incidents in three months the practice is willing to look at.",
    )
    paper = models.CharField(max_length=6, default="Letter", choices=[("Letter", "US Letter"), ("A4", "A4")])
    second_factor = models.CharField(
        max_length=10, choices=SecondFactor.choices, default=SecondFactor.OPTIONAL, db_default=SecondFactor.OPTIONAL
    )
    idle_minutes = models.SmallIntegerField(null=True, help_text="Blank: as long as the installation says.")
    visited_until = models.DateTimeField(null=True)
    visited_because = models.CharField(max_length=80, blank=True, db_default="")
    switched_off = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    sample_of = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="+")
    sample_state = models.CharField(max_length=8, choices=SampleState.choices, blank=True, default="", db_default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(sample_of__isnull=True) ^ ~models.Q(sample_state=""), name="sample_has_a_state"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def is_sample(self) -> bool:
        return self.sample_of_id is not None


class TenantSecret(TenantModel):
    """The tenant's own secret, sealed under the key ring. Deleting it makes the tenant's PHI unreadable for ever."""

    sealed = models.BinaryField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant"], name="one_secret_per_tenant")]


class Site(TenantModel):
    """A place where the practice sees patients."""

    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, editable=False)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "name_key"], name="site_once_per_tenant")]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """People sign in by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractUser):
    """One person, who may belong to several organizations."""

    username = None  # type: ignore[assignment]  # people sign in by e-mail
    email = models.EmailField(unique=True)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session_epoch = models.IntegerField(default=0, db_default=0, help_text="Counts up to end every session at once.")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]  # narrower than AbstractUser's

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="email_once")]

    def __str__(self) -> str:
        return f"user {self.public_id}"

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Sessions hold this; it changes with the password and with the epoch, and then they are over."""
        return salted_hmac(
            "upstream.session", f"{self.password}|{self.session_epoch}", secret=secret, algorithm="sha256"
        ).hexdigest()


class OwnMembershipManager(models.Manager["Membership"]):
    """A person's memberships before a tenant is chosen; row-level security shows only those of `acting_as`."""


class Membership(TenantModel):
    """A person's role in an organization."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices)
    active = models.BooleanField(default=True)
    wants_mail = models.BooleanField(default=True, help_text="Gets incident and report mail.")
    provider_npi = models.CharField(max_length=10, blank=True, default="", db_default="")

    objects: ClassVar[TenantManager] = TenantManager()
    own: ClassVar[OwnMembershipManager] = OwnMembershipManager()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "user"], name="member_once_per_tenant")]

    def __str__(self) -> str:
        return f"{self.role} membership {self.pk}"

    # Set on the row in memory while our staff look at the practice as this member.
    visited = False

    @property
    def rights(self) -> frozenset[str]:
        """What the member may do; who only visits as them may look, and never at patients' values."""
        held = rights_of(self.role) if self.active else frozenset()
        return held & {Right.READ} if self.visited else held


class ApiClient(TenantModel):
    """A machine that acts for the organization within its scopes; its secret is shown once and kept as a hash."""

    client_id = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=100)
    secret_hash = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"API client {self.client_id}"


class ApiAnswer(TenantModel):
    """What a client was answered under an Idempotency-Key; `fingerprint` says what it had asked. Kept for a day."""

    client_id = models.CharField(max_length=80)
    key_hash = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    status = models.SmallIntegerField()
    location = models.CharField(max_length=200, blank=True)
    body = models.JSONField()
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "client_id", "key_hash"], name="answer_once"),
        ]

    def __str__(self) -> str:
        return f"answer {self.pk} to {self.client_id}"


class SavedView(TenantModel):
    """A choice of rows that a member keeps under a name: the `query` of one `screen`, never words of a search."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    member = tenant_key(Membership, on_delete=models.CASCADE, related_name="saved_views")
    screen = models.CharField(max_length=20)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=300)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "public_id"], name="saved_view_public_id"),
            models.UniqueConstraint(fields=["tenant", "member", "screen", "name"], name="saved_view_once"),
        ]

    def __str__(self) -> str:
        return f"saved view {self.pk}"


class Draft(TenantModel):
    """What a person had typed when their session ended: sealed, theirs alone, and gone after a few days."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    member = tenant_key(Membership)
    path = models.CharField(max_length=200)
    sealed_fields = SealedField()
    at = models.DateTimeField()

    TABLE = "tenants_draft"

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "member", "path"], name="draft_once")]

    def __str__(self) -> str:
        return f"draft {self.public_id}"
