"""What a person writes at a step, kept sealed: people write names of patients where they are asked not to."""

import uuid
from typing import ClassVar

from django.db import models

from upstream.core.db.models import TenantModel
from upstream.core.phi.fields import SealedField
from upstream.core.phi.keyring import TenantKeys


class Noted(TenantModel):
    """A row with a sealed note, bound to its place by the row's public id."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    sealed_note = SealedField(null=True)
    TABLE: ClassVar[str]
    LONGEST_NOTE: ClassVar[int]

    class Meta(TenantModel.Meta):
        abstract = True

    def write_note(self, text: str, keys: TenantKeys) -> None:
        """Keep the note, cut to LONGEST_NOTE characters; nothing for a blank one. The caller saves."""
        plain = text.strip()[: self.LONGEST_NOTE].encode()
        self.sealed_note = keys.seal(plain, self.TABLE, "sealed_note", self.public_id.bytes) if plain else None

    def note(self, keys: TenantKeys) -> str:
        """What was written, "" for nothing; UnreadablePHI when it is not this row's."""
        if self.sealed_note is None:
            return ""
        return keys.unseal(self.sealed_note, self.TABLE, "sealed_note", self.public_id.bytes).decode()
