"""Edits that overwrite nobody: what is written carries the version that it was made from."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import models

from upstream.core.db.models import TenantModel
from upstream.core.errors import Conflict


class Versioned(TenantModel):
    """A row that several people may edit; each edit counts its version up."""

    version = models.IntegerField(default=1)

    class Meta(TenantModel.Meta):
        abstract = True


Row = TypeVar("Row", bound=Versioned)


def edit(row: Row, *, version: int, values: Mapping[str, Any], labels: Mapping[str, str]) -> Row:
    """The row holds these values and is one version on.

    Conflict("changed_meanwhile") when it is not the version that was edited; it says what stands there now. Call in a
    transaction; the row is saved alone, so that the audit trail has it.
    """
    kept: Row = type(row).objects.select_for_update().get(pk=row.pk)
    if kept.version != version:
        said = differences({name: getattr(kept, name) for name in values}, values, labels)
        raise Conflict("changed_meanwhile", f"somebody has changed this meanwhile; look again. {said}".strip())
    for name, value in values.items():
        setattr(kept, name, value)
    kept.version += 1
    kept.save()
    return kept


def differences(kept: Mapping[str, Any], sent: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    """What stands now where somebody wanted to write something else, in words."""
    return "; ".join(f"{labels.get(name, name)} is {kept[name]!s} now" for name in sent if kept[name] != sent[name])
