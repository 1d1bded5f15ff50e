"""The sealed column: django-encrypted-model-fields made strict.

What stands in a `SealedField` is an envelope (see keyring). The package's own crypter is never used: its tokens carry
no key id and no place, its `to_python` decrypts what a user types, and a lost key makes it return the token as the
value. Here input is never decrypted, nothing can be looked up or transformed, and a value is opened only by the model
that knows where it stands.
"""

from typing import Any

from django.core.exceptions import FieldError
from django.db import models
from encrypted_model_fields.fields import EncryptedMixin


class SealedField(EncryptedMixin, models.BinaryField):  # type: ignore[type-arg]  # generic only in the stubs
    """bytea holding one envelope; written and read as bytes, never as the value."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["editable"] = False
        models.BinaryField.__init__(self, *args, **kwargs)

    def get_internal_type(self) -> str:
        return "BinaryField"

    def to_python(self, value: Any) -> bytes | None:
        return None if value is None else bytes(value)

    def from_db_value(self, value: Any, *_args: Any) -> bytes | None:
        return None if value is None else bytes(value)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if value is not None and not isinstance(value, bytes):
            raise FieldError(f"{self.name} takes an envelope, not a value or an expression")
        return models.BinaryField.get_db_prep_value(self, value, connection, prepared=True)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is sealed: only isnull can be asked of it")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> Any:
        raise FieldError(f"{self.name} is sealed: {lookup_name} cannot be applied to it")

    def value_to_string(self, obj: models.Model) -> str:
        return ""
