"""Claims of one practice as arrays, in every version that was ever known, and how they were known at the end of a week.

A claim that was corrected stands once under its present facts (valid from the correction on) and once under each
earlier ones, so that any past week is seen with the facts known then. Rows stand in an order that only their content
decides, in every version alike, so that neither files nor later data change what a sum over them comes to.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cached_property
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from upstream.detection.detectors.facts import ClaimFacts
from upstream.detection.layout import NEVER, NOBODY, UNNAMED, Column, Kind, day, name, number, week
from upstream.detection.triangle import DENIED, HISTORY, ONE_WEEK, PARTIAL, PENDING

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Weeks = NDArray[np.datetime64]

FAR = np.datetime64(NEVER, "D")
DEAR_WEEKS, DEAR_LEAST = 26, 10
# The 80 % quantile lies at this share of the way from the least to the dearest.
DEAR_NUMERATOR, DEAR_DENOMINATOR = 4, 5
# 5 January 1970, in days since 1970.
MONDAY = 4
# The same number for the same place of service and modifiers in every practice.
TERMS = """CASE WHEN v.place_of_service = '' AND v.modifiers = '' THEN 0 ELSE
    ('x' || left(md5(v.place_of_service || '|' || v.modifiers), 12))::bit(48)::bigint END"""
# Sites by id, in the order in which they were first seen.
SITE = "coalesce(lpad(v.site_id::text, 19, '0'), '')"
REASON = f"""CASE WHEN c.outcome NOT IN ({DENIED}, {PARTIAL}) THEN NULL WHEN c.denial_carc = '' THEN ''
    ELSE c.denial_group || '-' || c.denial_carc END"""


@dataclass(frozen=True)
class Labels:
    """Names by index; the last of each is "" for none. Places of service are no part of what the fingerprint tells."""

    procedures: tuple[str, ...] = ("",)
    reasons: tuple[str, ...] = ("",)
    locations: tuple[str, ...] = ("",)
    providers: tuple[str, ...] = ("",)
    service_places: tuple[str, ...] = field(default=("",), repr=False)


@dataclass(frozen=True)
class Claims:
    """One row a version of a claim. A missing date is FAR; a reason is -1 unless the claim was denied.

    `terms` stands for the place of service and the modifiers, which price a procedure with its code; 0 for neither.
    `batch` and `raw` are ids of the file that sent the version and of its raw payer name, `answer_batch` and `payment`
    of the file and the payment that brought the first answer; -1 for none.
    `dear` marks charges in the top fifth of their payer and procedure; it is known for the claims of one week alone.
    """

    labels: Labels
    payer: Annotated[Ints, number("v.payer_id")]
    procedure: Annotated[Ints, name("v.procedure_code", "procedures")]
    location: Annotated[Ints, name(SITE, "locations")]
    provider: Annotated[Ints, name("v.rendering_npi", "providers")]
    submitted_date: Annotated[Weeks, day("v.submitted_date")]
    known_week: Annotated[Weeks, week("c.known_at")]
    terms: Annotated[Ints, number(TERMS)]
    billed: Annotated[Ints, number("v.billed_cents")]
    decision_week: Annotated[Weeks, week("c.decision_known_at", undecided=NEVER)]
    decided_date: Annotated[Weeks, day("c.decided_date", undecided=NEVER)]
    outcome: Annotated[Ints, number("c.outcome", undecided=PENDING)]
    reason: Annotated[Ints, name(REASON, "reasons", undecided=UNNAMED)]
    allowed: Annotated[Ints, number("c.allowed_cents", undecided=0)]
    paid: Annotated[Ints, number("c.paid_cents", undecided=0)]
    since: Annotated[Weeks, week("since", told=False)]
    until: Annotated[Weeks, week("until", told=False)]
    claim: Annotated[Ints, number("c.id", told=False)]
    service_place: Annotated[Ints, name("v.place_of_service", "service_places", told=False)]
    batch: Annotated[Ints, number("v.batch_id", told=False)]
    raw: Annotated[Ints, number(f"coalesce(v.raw_payer_id, {NOBODY})", told=False)]
    answer_batch: Annotated[Ints, number(f"coalesce(c.answer_batch, {NOBODY})", undecided=NOBODY, told=False)]
    payment: Annotated[Ints, number(f"coalesce(c.payment, {NOBODY})", undecided=NOBODY, told=False)]
    dear: Bools

    @classmethod
    def of(cls, labels: Labels, **columns: Ints) -> "Claims":
        """From columns of whole numbers, days since 1970 for dates; one that is left out has no value anywhere."""
        size = max((len(values) for values in columns.values()), default=0)
        made: dict[str, Any] = {}
        for title, column in COLUMNS.items():
            values = columns.get(title)
            if values is None:
                values = np.full(size, -NEVER if title == "since" else column.missing, dtype=np.int64)
            made[title] = values.view("datetime64[D]") if column.kind in (Kind.DAY, Kind.WEEK) else values
        return cls(labels, dear=np.zeros(size, dtype=np.bool_), **made)

    @cached_property
    def submitted_week(self) -> Weeks:
        days = self.submitted_date.view(np.int64)
        return (days - (days - MONDAY) % 7).view("datetime64[D]")

    @cached_property
    def payers(self) -> tuple[Ints, Ints]:
        """The ids of all payers, ascending, and the place of each row's among them."""
        starts = np.flatnonzero(np.diff(self.payer, prepend=-1))
        ids, at = np.unique(self.payer[starts], return_inverse=True)
        return ids, np.repeat(at, np.diff(starts, append=len(self.payer)))

    @cached_property
    def denied(self) -> Bools:
        return np.asarray((self.outcome == DENIED) | (self.outcome == PARTIAL), dtype=np.bool_)

    def only(self, kept: Bools) -> "Claims":
        """The chosen versions."""
        return self if kept.all() else self.at(np.flatnonzero(kept))

    def of_payer(self, payer: int) -> "Claims":
        """The versions of one payer; those of the payer last asked for are kept."""
        if payer not in self._last_payer:
            self._last_payer.clear()
            self._last_payer[payer] = self.only(self.payer == payer)
        return self._last_payer[payer]

    @cached_property
    def _last_payer(self) -> dict[int, "Claims"]:
        return {}

    def at(self, rows: Ints) -> "Claims":
        """These versions, in this order."""
        columns = {f.name: getattr(self, f.name) for f in fields(self)}
        chosen: dict[str, Any] = {n: value[rows] for n, value in columns.items() if isinstance(value, np.ndarray)}
        return replace(self, **chosen)

    def known_by(self, as_of: np.datetime64) -> "Claims":
        """What was known at the end of the week of `as_of`: one version a claim, later decisions undone.

        Of claims submitted in the HISTORY weeks up to then; names are only those that they have.
        """
        known = (self.known_week <= as_of) & (self.since <= as_of) & (self.until > as_of)
        known &= (self.submitted_week <= as_of) & (self.submitted_week > as_of - HISTORY * ONE_WEEK)
        kept = self.only(known)
        late = kept.decision_week > as_of
        if late.any():
            kept = kept._undecided(late)
        return kept._with_own_names()._with_dear()

    def _undecided(self, late: Bools) -> "Claims":
        """These versions as they were before their first decision."""
        undone: dict[str, Any] = {
            title: np.where(late, _typed(column.undecided, column), getattr(self, title))
            for title, column in COLUMNS.items()
            if column.undecided is not None
        }
        return replace(self, **undone)

    def _with_own_names(self) -> "Claims":
        """Names that no row has are left out."""
        made: dict[str, Any] = {}
        labels: dict[str, tuple[str, ...]] = {}
        for title, column in COLUMNS.items():
            if column.kind == Kind.NAME:
                names, values = getattr(self.labels, column.labels), getattr(self, title)
                used = np.bincount(values + 1, minlength=len(names) + 1)[1:] > 0
                used[-1] = True
                if used.all():
                    continue
                place = np.concatenate([np.cumsum(used) - 1, [UNNAMED]])
                made[title] = place[values]
                labels[column.labels] = tuple(own for own, kept in zip(names, used.tolist(), strict=True) if kept)
        return replace(self, labels=replace(self.labels, **labels), **made)

    def _with_dear(self) -> "Claims":
        stratum = self.payers[1] * len(self.labels.procedures) + self.procedure
        return replace(self, dear=dear_of(stratum, self.submitted_week, self.billed))

    def facts_of(self, payer: int) -> ClaimFacts:
        """The engine's facts of one payer."""
        at = np.flatnonzero(self.payer == payer)
        decided, outcome = self.decision_week[at], self.outcome[at]
        known = np.where(decided == FAR, np.datetime64("NaT", "D"), decided)
        return ClaimFacts(
            payer, self.labels.procedures, self.labels.reasons, self.labels.locations, self.procedure[at],
            self.reason[at], self.location[at], self.submitted_week[at], known, outcome, self.billed[at],
            np.where(outcome == 1, self.allowed[at], 0), self.dear[at],
        )  # fmt: skip

    def decisions_of(self, claim: Ints) -> dict[int, tuple[date, str]]:
        """Of these claims those that were decided: the day, and the adjustment reason code, "" for none."""
        at = np.flatnonzero(np.isin(self.claim, claim) & (self.decided_date < FAR))
        carcs = [*(label.rpartition("-")[2] for label in self.labels.reasons), ""]
        return {int(self.claim[i]): (self.decided_date[i].astype(date), carcs[self.reason[i]]) for i in at}

    def content(self) -> Iterator[bytes]:
        """The same bytes for the same known claims: names, and every column that judging reads."""
        yield repr(self.labels).encode()
        for title, column in COLUMNS.items():
            if column.told:
                values = narrow(getattr(self, title).view(np.int64))
                yield f"{title} {values.dtype.str} {len(values)}".encode()
                yield values.tobytes()


COLUMNS: dict[str, Column] = {f.name: f.type.__metadata__[0] for f in fields(Claims) if hasattr(f.type, "__metadata__")}


def _typed(value: int | None, column: Column) -> Any:
    return np.datetime64(value or 0, "D") if column.kind in (Kind.DAY, Kind.WEEK) else value


def narrow(values: Ints) -> NDArray[Any]:
    """The same whole numbers in the fewest bytes that hold them all."""
    low, high = (int(values.min()), int(values.max())) if len(values) else (0, 0)
    for kind in (np.int8, np.int16, np.int32):
        if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max:
            return values.astype(kind)
    return values


def canonical(claims: Claims) -> Ints:
    """The order that content alone decides, by submission week and payer first.

    What may become known later comes last, from the decision's week on: rows that differ in that alone, of which some
    week knows nothing, follow the others and are alike in it, so that every week sees its rows in the same order.
    """
    told = {title: column for title, column in COLUMNS.items() if column.told}
    lasting = [getattr(claims, title) for title, column in told.items() if column.undecided is None]
    decision = [getattr(claims, title) for title, column in told.items() if column.undecided is not None]
    return np.lexsort([claims.claim, *reversed([claims.submitted_week, *lasting, *decision])])


def dear_of(stratum: Ints, submitted_week: Weeks, billed: Ints) -> Bools:
    """Which charges exceed the 80 % quantile that their stratum (a small number) had in the first 26 weeks."""
    if not len(billed):
        return np.zeros(0, dtype=np.bool_)
    early = np.flatnonzero(submitted_week < submitted_week.min() + DEAR_WEEKS * ONE_WEEK)
    ranked = billed[early][np.lexsort((billed[early], stratum[early]))]
    size = np.bincount(stratum[early], minlength=int(stratum.max()) + 1)
    first = np.cumsum(size) - size
    way, rest = np.divmod(DEAR_NUMERATOR * np.maximum(size - 1, 0), DEAR_DENOMINATOR)
    low = ranked[np.minimum(first + way, len(ranked) - 1)]
    high = ranked[np.minimum(first + way + (rest > 0), len(ranked) - 1)]
    limit = np.where(size >= DEAR_LEAST, DEAR_DENOMINATOR * low + rest * (high - low), np.iinfo(np.int64).max)
    return np.asarray(DEAR_DENOMINATOR * billed > limit[stratum], dtype=np.bool_)
