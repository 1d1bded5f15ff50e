"""Rows of one source's columns, told as rows of canonical columns: what the profile says, cell by cell."""

from collections.abc import Callable, Mapping, Sequence

from upstream.ingestion.formats.columns import AMOUNT_COLUMNS, DATE_COLUMNS, PROFILE_ONLY
from upstream.ingestion.formats.csv_cells import ADJUDICATED, STATUSES
from upstream.ingestion.formats.csv_header import BASE, OPTIONAL
from upstream.ingestion.formats.csv_vocabulary import (
    Told,
    amount_words,
    birthday_words,
    day_words,
    reason_words,
)
from upstream.ingestion.formats.profile import Profile, title_key

GROUPS = frozenset({"CO", "PR", "OA", "PI", "CR"})
ORDERS = {"p": "1", "s": "2", "t": "3", "prim": "1", "sec": "2", "tert": "3", "first": "1", "second": "2", "third": "3"}


class Translation:
    """Turns a source row into a canonical one; `places` are the canonical columns of the rows that come out."""

    def __init__(self, profile: Profile, places: Mapping[str, int]) -> None:
        self.profile = profile
        stated = {name: place for name, place in places.items() if name not in PROFILE_ONLY}
        names = [name for name in (*BASE, *OPTIONAL) if name in BASE or name in stated]
        for name in ("remark_codes",) if "denial_reason" in places else ():
            names += [name] * (name not in names)
        if "patient_name" in places:
            names += [name for name in ("patient_first_name", "patient_last_name") if name not in names]
        self.places = {name: index for index, name in enumerate(names)}
        self.moves = [(self.places[name], place, self._words(name)) for name, place in stated.items()]
        self.blank = [""] * len(names)
        self.group_at = places.get("denial_group", -1)
        self.name_at = places.get("patient_name", -1)
        self.reasons: dict[str, tuple[str, str]] = {}
        self.birthday = birthday_words(profile.day_order)

    def _words(self, name: str) -> Callable[[str], str] | None:
        if name in DATE_COLUMNS:
            return Told(day_words(self.profile.day_order)).__getitem__
        if name in AMOUNT_COLUMNS or name == "units":
            return Told(amount_words(self.profile.decimals)).__getitem__
        if name == "status":
            return Told(self._status).__getitem__
        if name == "payer_order":
            return lambda text: ORDERS.get(text.strip().lower(), text)
        return None

    def _status(self, text: str) -> str:
        word = title_key(text)
        return self.profile.statuses.get(word, word if word in STATUSES else text)

    def row(self, cells: Sequence[str]) -> list[str]:
        """The canonical cells of one source row that has all its cells."""
        row = self.blank.copy()
        for target, place, words in self.moves:
            row[target] = words(cells[place]) if words else cells[place]
        self._reasons(row, cells)
        self._stand_ins(row)
        if self.name_at >= 0:
            self._name(row, cells[self.name_at])
        born = self.places.get("patient_birth_date")
        if born is not None:
            row[born] = self.birthday(row[born], self._of(row, "service_date") or self._of(row, "submitted_date"))
        return row

    def _of(self, row: list[str], name: str) -> str:
        place = self.places.get(name)
        return row[place] if place is not None else ""

    def _reasons(self, row: list[str], cells: Sequence[str]) -> None:
        at = self.places["denial_reason"]
        if not row[at]:
            return
        reasons, remarks = reason_words(row[at])
        group = cells[self.group_at].strip().upper() if self.group_at >= 0 else ""
        if group in GROUPS:
            reasons = ";".join(group + code if code.startswith("-") else code for code in reasons.split(";") if code)
        row[at] = reasons
        if remarks:
            place = self.places["remark_codes"]
            row[place] = f"{row[place]};{remarks}" if row[place].strip() else remarks

    def _stand_ins(self, row: list[str]) -> None:
        """What the profile says of facts that the file does not tell."""
        places, profile = self.places, self.profile
        if profile.payer and not row[places["payer"]].strip():
            row[places["payer"]] = profile.payer
        for name, source in (("submitted_date", profile.submitted_from), ("decided_date", profile.decided_from)):
            if source and not row[places[name]]:
                row[places[name]] = self._of(row, source)
        if profile.status_from_amounts and not row[places["status"]].strip():
            row[places["status"]] = status_of_amounts(
                row[places["paid"]].strip(), row[places["denial_reason"]].strip(), row[places["decided_date"]].strip()
            )

    def _name(self, row: list[str], text: str) -> None:
        """ "Last, First M", or "First Last"."""
        last, comma, first = (part.strip() for part in text.partition(","))
        if not comma:
            first, _, last = last.rpartition(" ")
        for name, part in (("patient_first_name", first), ("patient_last_name", last)):
            if not row[self.places[name]].strip():
                row[self.places[name]] = part.strip()


def status_of_amounts(paid: str, reasons: str, decided: str) -> str:
    """The status of a row that states none: not decided, taken back, or to be worked out from its codes."""
    if paid.startswith("-") and paid.strip("-0."):
        return "reversed"
    answered = paid.strip("0.") or reasons or (paid and decided)
    return ADJUDICATED if answered else "pending"
