"""Mapping profiles: found for a file, proposed, tried, confirmed, changed and retired. The formats do the reading."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from uuid import uuid4

from django.db.models import Max, QuerySet

from upstream.core import clock, storage
from upstream.core.errors import Conflict, Invalid
from upstream.core.phi.keyring import TenantKeys
from upstream.core.stages import nudge
from upstream.ingestion.choices import BatchState
from upstream.ingestion.formats.columns import FIELDS
from upstream.ingestion.formats.mapping import Proposal, propose
from upstream.ingestion.formats.mapping_check import Check, check
from upstream.ingestion.formats.mapping_table import Table, table_of, table_of_workbook
from upstream.ingestion.formats.profile import NeedsMapping, Profile, as_json, from_json
from upstream.ingestion.formats.readers import TABLES, reader_of
from upstream.ingestion.models import Batch, MappingProfile, Rejection
from upstream.ingestion.reading import open_file
from upstream.tenants.services import tenant_keys

LANDING = "landing"
BY_HAND = ("user:", "command:")
NEAR = 0.6  # share of a profile's columns that a file has, for the profile to be offered for it
LONGEST_NAME = 80
ENOUGH_ROWS = 3  # fewer are put right by hand sooner
WRITTEN_OTHERWISE = ("bad_date", "bad_amount", "bad_status")
NEXT_STEP = "match its columns on its page under Data, or send it again with --profile NAME"


@dataclass(frozen=True)
class Preview:
    """A file's table with the proposal for it; `near` is the profile whose columns it mostly has, if any."""

    table: Table
    proposal: Proposal
    near: MappingProfile | None


def applied(batch_id: int, wanted: str, why: NeedsMapping) -> bool:
    """True when a profile of ours fits the landed file, which is to be read again with it; else the file waits.

    Raises Unreadable when it is no table that anybody could map.
    """
    batch = Batch.objects.select_for_update().get(pk=batch_id)
    keys = tenant_keys()
    batch.format, table = table_in(_content(batch, keys), wanted)
    batch.layout_bidx = keys.index("layout", table.layout)
    found = None if batch.mapping_id else _fitting(batch)
    if found is None:
        batch.state, batch.error_code = BatchState.MAPPING, "needs_mapping"
        batch.error_message = f"this file needs a mapping: {why.message}; {NEXT_STEP}"[:300]
    batch.mapping, batch.attempts = found or batch.mapping, 0
    batch.save()
    return found is not None


def written_otherwise(batch: Batch) -> bool:
    """Whether our columns are there and yet no row could be read, each for how a date, amount or word is written."""
    if batch.claims or batch.rejected < ENOUGH_ROWS or batch.mapping_id or batch.format not in TABLES:
        return False
    return not Rejection.objects.filter(batch=batch).exclude(code__in=WRITTEN_OTHERWISE).exists()


def _fitting(batch: Batch) -> MappingProfile | None:
    """The newest profile for this layout: that of the very source first, then one for any source."""
    rows = profiles().filter(layout_bidx=batch.layout_bidx, source__in={"", source_of(batch)})
    return rows.order_by("-source", "-created_at").first()


def source_of(batch: Batch) -> str:
    """What a profile made for this file is kept for: its API client or connector; "" for what people send."""
    return "" if batch.received_from.startswith(BY_HAND) else batch.received_from


def profiles() -> "QuerySet[MappingProfile]":
    """Those in use, by name."""
    return MappingProfile.objects.filter(active=True).order_by("name")


def named(name: str) -> MappingProfile:
    """The version in use under a name; Invalid("unknown_profile") when there is none."""
    found = profiles().filter(name=_tidy(name)).first()
    if found is None:
        raise Invalid("unknown_profile", "there is no mapping of that name in use")
    return found


def in_use_for(batch: Batch) -> MappingProfile | None:
    """The version in use under the name of the mapping that read the file, else the newest: it may be retired."""
    read_by = MappingProfile.objects.filter(pk=batch.mapping_id).first() if batch.mapping_id else None
    if read_by is None:
        return None
    versions = MappingProfile.objects.filter(name=read_by.name)
    found: MappingProfile | None = versions.order_by("-active", "-version").first()
    return found


def preview(batch: Batch, keys: TenantKeys, *, separator: str = "", encoding: str = "") -> Preview:
    """What the file looks like and which column seems to be which. Raises Unreadable as the readers do."""
    _, table = table_in(_content(batch, keys), batch.format, separator=separator, encoding=encoding)
    near = in_use_for(batch) or _nearest(table, keys)
    if near is None:
        return Preview(table, _as_read(propose(table), separator, encoding), None)
    before = near.profile(keys)
    known = {key: column for key, column in before.columns.items() if key in table.keys}
    proposal = propose(table, known)
    same = replace(before, columns=proposal.profile.columns, statuses={**proposal.profile.statuses, **before.statuses})
    return Preview(table, _as_read(replace(proposal, profile=same, missing=same.lacking()), separator, encoding), near)


def _as_read(proposal: Proposal, separator: str, encoding: str) -> Proposal:
    """What somebody said of the file's separator and encoding is part of the profile."""
    profile = proposal.profile
    said = replace(profile, separator=separator or profile.separator, encoding=encoding or profile.encoding)
    return replace(proposal, profile=said)


def _nearest(table: Table, keys: TenantKeys) -> MappingProfile | None:
    best, share = None, NEAR
    ours = set(table.keys)
    for row in profiles():
        columns = set(row.profile(keys).columns)
        if columns and len(columns & ours) / len(columns) >= share:
            best, share = row, len(columns & ours) / len(columns)
    return best


def tried(batch: Batch, profile: Profile, keys: TenantKeys) -> Check:
    """What the whole file would come to with this profile; nothing is written."""
    kind, content = open_file(_content(batch, keys), batch.format)
    return check(reader_of(kind, profile)(content))


def confirm(batch: Batch, *, profile: Profile, name: str, actor: str) -> MappingProfile:
    """The profile is kept under the name, and this file, with all that wait with the same columns, is read by it.

    Raises Conflict unless the file waits for a mapping, Invalid for one that does not tell enough.
    """
    if batch.state != BatchState.MAPPING:
        raise Conflict("not_waiting", "this file does not wait for a mapping any more")
    layout = _bytes(batch.layout_bidx)
    kept = keep(profile=profile, name=name, actor=actor, layout_bidx=layout, source=source_of(batch))
    waiting = Batch.objects.filter(state=BatchState.MAPPING, layout_bidx=batch.layout_bidx)
    if kept.source:
        waiting = waiting.filter(received_from=kept.source)
    waiting.update(state=BatchState.LANDED, mapping=kept, attempts=0, error_code="", error_message="")
    nudge()
    return kept


def keep(
    *, profile: Profile, name: str, actor: str, layout_bidx: bytes | None = None, source: str = ""
) -> MappingProfile:
    """The profile is in use under the name: as it was when nothing changed, else as the next version."""
    profile, name = from_json(as_json(profile)), _tidy(name)
    lacking = profile.lacking()
    if lacking:
        words = ", ".join(FIELDS[column].label for column in lacking)
        raise Invalid("mapping_incomplete", f"still missing: {words}")
    keys = tenant_keys()
    versions = MappingProfile.objects.select_for_update().filter(name=name)
    before = versions.filter(active=True).first()
    layout_bidx = layout_bidx or (before.layout_bidx if before else None)
    if before and before.profile(keys) == profile and _bytes(before.layout_bidx) == _bytes(layout_bidx):
        return before
    latest = versions.aggregate(latest=Max("version"))["latest"] or 0
    _retire(versions.filter(active=True))
    row = MappingProfile(
        public_id=uuid4(),
        name=name,
        version=latest + 1,
        source=source,
        layout_bidx=layout_bidx,
        columns=len(profile.columns),
        created_at=clock.now(),
        created_by=actor[:80],
    )
    row.sealed_profile = keys.seal(json.dumps(as_json(profile)).encode(), row.TABLE, "sealed_profile", row.place)
    row.save()
    return row


def rename(row: MappingProfile, name: str) -> None:
    """Every version goes by the new name; Invalid when another mapping has it."""
    name = _tidy(name)
    if name == row.name:
        return
    if MappingProfile.objects.filter(name=name).exists():
        raise Invalid("name_taken", "another mapping has this name")
    for version in MappingProfile.objects.select_for_update().filter(name=row.name):
        version.name = name
        version.save(update_fields=["name"])


def retire(row: MappingProfile) -> None:
    """It is applied to no file any more; files that it read keep naming it."""
    _retire(MappingProfile.objects.filter(pk=row.pk))


def use_again(row: MappingProfile) -> None:
    """This version is the one in use under its name."""
    _retire(MappingProfile.objects.filter(name=row.name, active=True).exclude(pk=row.pk))
    row.active = True
    row.save(update_fields=["active"])


def _retire(rows: "QuerySet[MappingProfile]") -> None:
    """One by one, so that each is in the audit trail."""
    for row in rows.select_for_update():
        row.active = False
        row.save(update_fields=["active"])


def _tidy(name: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise Invalid("bad_name", f"give the mapping a name of up to {LONGEST_NAME} letters")
    return name


def _bytes(value: bytes | memoryview | None) -> bytes | None:
    return None if value is None else bytes(value)


def _content(batch: Batch, keys: TenantKeys) -> Iterator[bytes]:
    return storage.read(LANDING, batch.sha256, keys)


def table_in(
    chunks: Iterable[bytes], wanted: str = "", *, separator: str = "", encoding: str = ""
) -> tuple[str, Table]:
    """Format and table of a CSV or Excel file. Invalid("not_a_table") for other files, Unreadable as the readers."""
    kind, content = open_file(chunks, wanted)
    if kind not in TABLES:
        raise Invalid("not_a_table", "only CSV and Excel files have columns to match")
    if kind == "xlsx":
        return kind, table_of_workbook(content)
    return kind, table_of(content, separator=separator, encoding=encoding)
