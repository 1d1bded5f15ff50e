"""The forms by which people say how a file is to be read; what may be kept is for the services to judge."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms

from upstream.ingestion.formats.columns import DATE_COLUMNS, FIELDS
from upstream.ingestion.formats.mapping import Word, statuses_in
from upstream.ingestion.formats.profile import MAX_WORD, Profile
from upstream.ingestion.mapping import LONGEST_NAME, Preview

STATUS_WORDS = (
    ("", "Not told yet: leave these rows out"),
    ("paid", "Paid"),
    ("denied", "Denied"),
    ("partial", "Partly denied"),
    ("pending", "Not decided yet"),
    ("reversed", "Taken back"),
    ("adjudicated", "Decided: work out how from the amounts and codes"),
)
DATES = [(name, FIELDS[name].label) for name in DATE_COLUMNS]
SEPARATOR_WORDS = (("", "As found"), (",", "Comma"), (";", "Semicolon"), ("\t", "Tab"), ("|", "Bar |"))
ENCODING_WORDS = (
    ("", "As found"), ("cp1252", "Windows (1252)"), ("latin-1", "Latin-1"), ("mac-roman", "Macintosh"),
    ("cp437", "DOS (437)"), ("cp850", "DOS (850)"),
)  # fmt: skip
READING = (
    "day_order", "decimals", "payer", "submitted_from", "decided_from", "undated", "status_from_amounts", "lines",
)  # fmt: skip


class ReadingForm(forms.Form):
    """How dates and amounts are written, and what stands in for what the file does not tell."""

    day_order = forms.ChoiceField(
        label="A date like 03/04/2026 is",
        choices=[("mdy", "4 March (month first)"), ("dmy", "3 April (day first)")],
    )
    decimals = forms.ChoiceField(label="Amounts are written", choices=[("us", "1,234.50"), ("eu", "1.234,50")])
    payer = forms.CharField(
        label="Payer of the whole file", required=False, max_length=MAX_WORD,
        help_text="Where no column names the payer, or its cell is blank.",
    )  # fmt: skip
    submitted_from = forms.ChoiceField(
        label="Where it is not told when a claim was submitted, take", required=False,
        choices=[("", "Nothing: leave the row out"), *DATES],
    )  # fmt: skip
    decided_from = forms.ChoiceField(
        label="Where it is not told when it was decided, take", required=False,
        choices=[("", "Nothing"), *DATES],
    )  # fmt: skip
    undated = forms.BooleanField(label="An answer without any date counts from the day the file came", required=False)
    status_from_amounts = forms.BooleanField(
        label="Where no status stands, work it out from the paid amount and the codes", required=False
    )
    lines = forms.BooleanField(
        label="Rows with the same claim number under one another are lines of one claim", required=False
    )

    def reading(self) -> dict[str, Any]:
        """The cleaned values by the names that a profile has for them."""
        return {name: self.cleaned_data[name] for name in READING}


class LookForm(forms.Form):
    """How the file itself is cut into cells, when that was not found rightly."""

    separator = forms.ChoiceField(label="Columns are separated by", choices=SEPARATOR_WORDS, required=False)
    encoding = forms.ChoiceField(label="Letters are written in", choices=ENCODING_WORDS, required=False)


class MatchForm(ReadingForm):
    """For each of our columns the file's; for each word of status what it means; and a name to keep it under."""

    name = forms.CharField(
        label="Keep this under the name", max_length=LONGEST_NAME,
        help_text="As you want to find it again: Weekly export of the front desk. No patient's name, please.",
    )  # fmt: skip
    words_of = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, preview: Preview, data: Mapping[str, Any] | None = None) -> None:
        profile = preview.proposal.profile
        keys = preview.table.keys
        at = {column: str(keys.index(key)) for key, column in profile.columns.items()}
        initial = {name: getattr(profile, name) for name in READING}
        initial |= {"name": preview.near.name if preview.near else "", "words_of": at.get("status", "")}
        super().__init__(data, initial=initial)
        self.preview = preview
        self.fields["name"].required = "confirm" in self.data
        titles = _titles(preview.table.titles)
        for column, field in FIELDS.items():
            self.fields[f"column-{column}"] = forms.ChoiceField(
                label=field.label, required=False, choices=[("", "Not in this file"), *titles],
                initial=at.get(column, ""),
            )  # fmt: skip
        self.words = self._words(at.get("status", ""))
        for number, word in enumerate(self.words):
            self.fields[f"word-{number}"] = forms.ChoiceField(
                label=word.word or "(blank)", required=False, choices=STATUS_WORDS,
                initial=profile.statuses.get(word.word, word.status),
            )  # fmt: skip

    def _words(self, proposed: str) -> tuple[Word, ...]:
        """The status words of the column that is chosen now."""
        chosen = self.data.get("column-status", "") if self.is_bound else proposed
        table = self.preview.table
        known = chosen.isdecimal() and int(chosen) < len(table.titles)
        return statuses_in(table.values(int(chosen))) if known else ()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        taken: dict[str, str] = {}
        for column, field in FIELDS.items():
            chosen = cleaned.get(f"column-{column}", "")
            if chosen and chosen in taken:
                self.add_error(f"column-{column}", f"This column is {taken[chosen]} already.")
            elif chosen:
                taken[chosen] = field.label
        return cleaned

    def profile(self) -> Profile:
        """What was said, as a profile. Words of a column that was chosen only now mean what they seem to."""
        cleaned, keys = self.cleaned_data, self.preview.table.keys
        chosen = {column: cleaned.get(f"column-{column}", "") for column in FIELDS}
        same_words = cleaned["words_of"] == chosen["status"]
        told = {
            word.word: cleaned.get(f"word-{number}", "") if same_words else word.status
            for number, word in enumerate(self.words)
        }
        return replace(
            self.preview.proposal.profile,
            columns={keys[int(place)]: column for column, place in chosen.items() if place},
            statuses={word: status for word, status in told.items() if status},
            **self.reading(),
        )


class ProfileForm(ReadingForm):
    """A mapping that is changed without a file at hand."""

    statuses = forms.CharField(
        label="Words of status", required=False, widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text="One a line: paid in full = paid. What they may mean: paid, denied, partial, pending, reversed,"
        " adjudicated (work it out). A blank cell: (blank) = pending.",
    )  # fmt: skip

    def __init__(self, profile: Profile, data: Mapping[str, Any] | None = None) -> None:
        initial = {name: getattr(profile, name) for name in READING}
        lines = (f"{word or BLANK} = {status}" for word, status in sorted(profile.statuses.items()))
        super().__init__(data, initial=initial | {"statuses": "\n".join(lines)})
        self.before = profile

    def clean_statuses(self) -> dict[str, str]:
        found = {}
        for line in filter(str.strip, self.cleaned_data["statuses"].splitlines()):
            word, mark, status = line.rpartition("=")
            if not mark or status.strip().lower() not in dict(STATUS_WORDS) or not status.strip():
                raise forms.ValidationError(
                    "Each line is: a word = paid, denied, partial, pending, reversed or adjudicated"
                )
            word = word.strip()
            found["" if word == BLANK else word] = status.strip().lower()
        return found

    def profile(self) -> Profile:
        """The profile as changed."""
        return replace(self.before, statuses=self.cleaned_data["statuses"], **self.reading())


BLANK = "(blank)"


def _titles(titles: list[str]) -> list[tuple[str, str]]:
    """(place, title) of each column; its number with it where it has no title of its own."""
    return [
        (str(place), title if title and titles.count(title) == 1 else f"{title} (column {place + 1})".strip())
        for place, title in enumerate(titles)
    ]
