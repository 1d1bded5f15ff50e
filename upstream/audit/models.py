"""Who looked at whom: append-only, chained, kept for six years."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from upstream.core.db.models import TenantModel


class PHIAccess(TenantModel):
    """One look at identifying values: who, when, from where, what, why, how many; never the values.

    `link` = SHA-256 over the previous entry's link and this entry's fields, so that a change or a gap shows.
    `address` is where a request came from as our own proxies say, "" for what no request asked.
    """

    number = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    action = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    records = models.IntegerField(default=1)
    purpose = models.CharField(max_length=80, blank=True)
    outcome = models.CharField(max_length=10, default="granted")
    address = models.CharField(max_length=45, default="", db_default="")
    request_id = models.CharField(max_length=64, blank=True)
    link = models.BinaryField(max_length=32)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "number"], name="access_number_once")]

    def __str__(self) -> str:
        return f"access {self.number}"


class AccountEvent(models.Model):
    """One act on a person's account, or one refused try to get in: nobody's but the person's, and only added to.

    `device_key` is a digest of the browser's own cookie, by which a browser that was never seen is known.
    """

    person = models.ForeignKey(  # what happened stays when the account goes
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False,
        related_name="+",
    )  # fmt: skip
    act = models.CharField(max_length=40)
    at = models.DateTimeField()
    by = models.CharField(max_length=80, blank=True)
    why = models.CharField(max_length=80, blank=True)
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=60, blank=True)
    device_key = models.CharField(max_length=64, blank=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "-at"], name="account_event_of_person")]

    def __str__(self) -> str:
        return f"account event {self.pk}"
