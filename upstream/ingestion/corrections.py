"""Quarantined rows, put right and read again, in a small file of their own.

The readers decide what is right: a row leaves the quarantine only when they read it. Doing the same again changes
nothing, as the small file is known by its content.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from upstream.core import clock, storage
from upstream.core.errors import Conflict, Invalid, Unreadable
from upstream.core.phi.keyring import TenantKeys
from upstream.ingestion import services
from upstream.ingestion.choices import DiscardReason, RejectionState
from upstream.ingestion.formats.excerpt import Title, title_of
from upstream.ingestion.formats.profile import Profile
from upstream.ingestion.formats.readers import TABLES, reader_of
from upstream.ingestion.mapping import in_use_for
from upstream.ingestion.models import Batch, MappingProfile, Rejection, rejection_place
from upstream.ingestion.records import AuthorizationRecord, ClaimRecord, RejectedRow
from upstream.tenants.services import tenant_keys

ROWS_AT_ONCE = 20_000
OTHER_LINE = "other_line_rejected"
Fault = tuple[str, str]
Rows = Sequence[tuple[Rejection, str]]


class StillUnreadable(Invalid):
    """The row cannot be read as it stands now: `field` and `reason` as the reader names them."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__("still_unreadable", f"the row cannot be read yet: {field or 'the row'}: {reason}")
        self.field, self.reason = field, reason


@dataclass(frozen=True)
class Replayed:
    """How many rows were read this time, and how many still cannot be."""

    fixed: int
    still_open: int


@dataclass(frozen=True)
class Form:
    """How rows of one file are written and read: for a table its titles, and the mapping by which it is read, if any.

    What is left out of an X12 or FHIR file is kept so that it can be read alone, so it needs no titles.
    """

    kind: str
    title: Title | None = None
    profile: Profile | None = None
    mapping: MappingProfile | None = None

    def tidy(self, text: str) -> str:
        """A row as it was typed: a table's row and a FHIR resource take one line."""
        one_line = self.title or self.kind == "fhir"
        return " ".join(text.splitlines()).strip() if one_line else text.strip().replace("\r\n", "\n")

    def content(self, texts: list[str]) -> bytes:
        """A file of these rows; a table's in the encoding that its mapping reads."""
        encoding = self.profile.encoding if self.profile else "latin-1" if self.kind == "x12" else ""
        titles = [self.title.text_of(self.title.cells)] if self.title else []
        return "\n".join([*titles, *texts, ""]).encode(encoding or "utf-8", errors="replace")

    def number(self, text: str) -> str:
        """The claim's number in a table's row; "" where the row has no such cell."""
        cells = self.title.cells_of(text) if self.title else None
        return cells[self.title.number_at].strip() if self.title and cells else ""

    def tried(self, texts: list[str]) -> tuple[dict[int, Fault], int]:
        """What the reader says of these rows: the fault of each that it refuses, by its place, and how many claims."""
        return self._tried_together(texts) if self.title else self._tried_alone(texts)

    def _tried_together(self, texts: list[str]) -> tuple[dict[int, Fault], int]:
        places, line = {}, self.content([]).decode(errors="replace").count("\n") + 1
        for place, text in enumerate(texts):
            places[line] = place
            line += text.count("\n") + 1
        faults, claims = {}, 0
        for record in reader_of("csv", self.profile)([self.content(texts)]):
            if isinstance(record, RejectedRow):
                faults[places[record.position]] = (record.field, record.code)
            claims += isinstance(record, ClaimRecord | AuthorizationRecord)
        return faults, claims

    def _tried_alone(self, texts: list[str]) -> tuple[dict[int, Fault], int]:
        faults: dict[int, Fault] = {}
        claims = 0
        for place, text in enumerate(texts):
            try:
                records = list(reader_of(self.kind)([self.content([text])]))
            except Unreadable as exc:
                faults[place] = (exc.field, exc.code)
                continue
            refused = [record for record in records if isinstance(record, RejectedRow)]
            told = sum(isinstance(record, ClaimRecord | AuthorizationRecord) for record in records)
            if refused or not told:
                faults[place] = (refused[0].field, refused[0].code) if refused else ("", "no_claim")
            claims += told
        return faults, claims


def form_of(batch: Batch) -> Form:
    """How a file's rows are written, under the mapping that is now in use, or that was in use last."""
    if batch.format not in TABLES:
        return Form(batch.format)
    with transaction.atomic():
        keys = tenant_keys()
        used = in_use_for(batch)
        profile = used.profile(keys) if used else None
    title = title_of(batch.format, storage.read(services.LANDING, batch.sha256, keys), profile)
    return Form(batch.format, title, profile, used)


def fix(rejection: Rejection, *, text: str, actor: str) -> Batch:
    """The row as `text` has it is loaded, in the file returned; the row is FIXED, with who and when.

    Other rows of the same claim that wait because of it go with it. StillUnreadable (nothing is loaded; the text is
    kept when the fault lies in another row of the claim), Conflict("not_open") when the row waits no more.
    """
    form = form_of(rejection.batch)
    text = form.tidy(text)
    with transaction.atomic():
        keys = tenant_keys()
        rows = _with_its_claim(_open(rejection), text, form, keys)
    faults, claims = form.tried([row_text for _, row_text in rows])
    own = faults.get(next(place for place, (row, _) in enumerate(rows) if row.pk == rejection.pk))
    if own and own[1] != OTHER_LINE:
        raise StillUnreadable(*own)
    if not faults and not claims:
        raise StillUnreadable("", "no_claim")
    with transaction.atomic():
        place = rejection_place(rejection.batch.sha256, rejection.position)
        sealed = keys.seal(text.encode(), Rejection.TABLE, "sealed_correction", place)
        Rejection.objects.filter(pk=rejection.pk, state=RejectionState.OPEN).update(sealed_correction=sealed)
    if faults:
        raise StillUnreadable(*next(fault for fault in faults.values() if fault[1] != OTHER_LINE))
    return _settle(rejection.batch, form, rows, actor)


def discard(rejection: Rejection, *, reason: str, actor: str) -> None:
    """The row is left out for good, with who, when and why; Conflict("not_open") when it waits no more."""
    if reason not in DiscardReason.values:
        raise Invalid("bad_reason", "a row is left out for one of the reasons offered")
    with transaction.atomic():
        waiting = Rejection.objects.filter(pk=rejection.pk, state=RejectionState.OPEN)
        values = {"settled_by": actor[:80], "settled_at": clock.now(), "reason": reason}
        if not waiting.update(state=RejectionState.DISCARDED, **values):
            raise Conflict("not_open", "this row waits no more")


def replay(batch: Batch, *, actor: str) -> Replayed:
    """Every row of the file that waits is read again, as after a change of mapping or of what codes mean."""
    form = form_of(batch)
    fixed, after = 0, 0
    while True:
        rows = _waiting(batch, form, after)
        if not rows:
            with transaction.atomic():
                still = Rejection.objects.filter(batch=batch, state=RejectionState.OPEN).count()
            return Replayed(fixed, still)
        after = rows[-1][0].position
        faults, claims = form.tried([text for _, text in rows])
        good = [row for place, row in enumerate(rows) if place not in faults]
        _renamed(rows, faults)
        if good and claims:
            _settle(batch, form, good, actor)
            fixed += len(good)


def _waiting(batch: Batch, form: Form, after: int) -> Rows:
    """The next rows that wait, in file order, never a part of the rows of one claim."""
    with transaction.atomic():
        keys = tenant_keys()
        waiting = Rejection.objects.filter(batch=batch, state=RejectionState.OPEN, position__gt=after)
        some = waiting.select_related("batch").order_by("position", "pk")[: ROWS_AT_ONCE + 1]
        rows = [(row, row.raw(keys)) for row in some]
    if len(rows) <= ROWS_AT_ONCE:
        return rows
    last = form.number(rows[-1][1])
    whole = len(rows) - 1
    while whole > 1 and last and form.number(rows[whole - 1][1]) == last:
        whole -= 1
    return rows[:whole]


def _open(rejection: Rejection) -> Rejection:
    found = Rejection.objects.select_related("batch").filter(pk=rejection.pk, state=RejectionState.OPEN).first()
    if found is None:
        raise Conflict("not_open", "this row waits no more")
    return found


def _with_its_claim(rejection: Rejection, text: str, form: Form, keys: TenantKeys) -> Rows:
    """The row as put right, among the other rows of its claim that wait, in file order."""
    waiting = Rejection.objects.filter(batch=rejection.batch, state=RejectionState.OPEN).exclude(pk=rejection.pk)
    rows = [(rejection, text)]
    number = form.number(text)
    if number and (rejection.code == OTHER_LINE or waiting.filter(code=OTHER_LINE).exists()):
        others = ((row, row.raw(keys)) for row in waiting.select_related("batch").order_by("position"))
        rows += [(row, raw) for row, raw in others if form.number(raw) == number]
    return sorted(rows, key=lambda pair: (pair[0].position, pair[0].pk))


def _renamed(rows: Rows, faults: dict[int, Fault]) -> None:
    """Rows that are refused for another reason than before say so."""
    with transaction.atomic():
        for place, (field, code) in faults.items():
            row = rows[place][0]
            if (row.field, row.code) != (field, code):
                Rejection.objects.filter(pk=row.pk).update(field=field[:40], code=code[:40])


def _settle(batch: Batch, form: Form, rows: Rows, actor: str) -> Batch:
    """The rows stand in a file of their own that waits to be loaded; they are FIXED."""
    with transaction.atomic():
        name = batch.name(tenant_keys())
    made, _ = services.receive(
        [form.content([text for _, text in rows])],
        name=f"put right: {name}",
        received_from=actor.replace("-", "")[:40],
        known_at=batch.known_at,
        mapped=form.mapping,
        corrects=batch.pk,
    )
    with transaction.atomic():
        waiting = Rejection.objects.filter(pk__in=[row.pk for row, _ in rows], state=RejectionState.OPEN)
        values = {"settled_by": actor[:80], "settled_at": clock.now(), "replayed_in": made}
        waiting.update(state=RejectionState.FIXED, **values)
    return made
