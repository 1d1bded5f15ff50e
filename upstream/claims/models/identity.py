"""Who a claim is about: sealed, apart from the facts, and read only on purpose."""

from typing import ClassVar

from django.db import models

from upstream.claims.models.claim import Claim
from upstream.core.db.models import TenantModel
from upstream.core.phi.fields import SealedField
from upstream.core.phi.keyring import TenantKeys

PATIENT_FIELDS = ("first_name", "last_name", "birth_date", "member_id", "account")
IDENTITY_FIELDS = ("claim_number", "payer_control_number", "authorization_number", "account")
BETWEEN = "\x1f"


def packed(*values: str) -> bytes:
    """The values of one row, in the order of its fields, as the bytes that are sealed."""
    text = BETWEEN.join(values)
    if text.count(BETWEEN) >= len(values):
        text = BETWEEN.join(value.replace(BETWEEN, " ") for value in values)
    return text.encode()


def unpacked(fields: tuple[str, ...], plain: bytes) -> dict[str, str]:
    """What was packed, by field; blank values are left out."""
    return {name: value for name, value in zip(fields, plain.decode().split(BETWEEN), strict=True) if value}


class Patient(TenantModel):
    """One person as the practice's files name them; `key_bidx` is that of the member id, else that of the account."""

    key_bidx = models.BinaryField(max_length=16)
    member_bidx = models.BinaryField(max_length=16, null=True)
    account_bidx = models.BinaryField(max_length=16, null=True)
    sealed = SealedField()
    fingerprint = models.BinaryField(max_length=16)

    TABLE = "claims_patient"

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "key_bidx"], name="patient_once")]

    def __str__(self) -> str:
        return f"patient {self.pk}"

    def opened(self, keys: TenantKeys) -> dict[str, str]:
        """Those of PATIENT_FIELDS that are known; UnreadablePHI when the envelope is not this row's."""
        return unpacked(PATIENT_FIELDS, keys.unseal(self.sealed, self.TABLE, "sealed", bytes(self.key_bidx)))


class ClaimIdentity(TenantModel):
    """The identifying values of one claim."""

    claim = models.OneToOneField(
        Claim, on_delete=models.PROTECT, primary_key=True, related_name="+", db_constraint=False
    )
    number_bidx = models.BinaryField(max_length=16)
    account_bidx = models.BinaryField(max_length=16, null=True)
    control_bidx = models.BinaryField(max_length=16, null=True)
    sealed = SealedField()
    fingerprint = models.BinaryField(max_length=16)

    TABLE = "claims_claimidentity"

    def __str__(self) -> str:
        return f"identity of claim {self.claim_id}"

    def opened(self, keys: TenantKeys) -> dict[str, str]:
        """Those of IDENTITY_FIELDS that are known; UnreadablePHI when the envelope is not this row's."""
        return unpacked(IDENTITY_FIELDS, keys.unseal(self.sealed, self.TABLE, "sealed", bytes(self.number_bidx)))
