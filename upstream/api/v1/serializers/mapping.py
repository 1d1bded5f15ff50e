"""How a table in other columns is to be read: proposed, checked, confirmed. No value of the file is in an answer."""

from dataclasses import replace
from typing import Any

from rest_framework import serializers

from upstream.api.shapes import Dollars, Shape, Strict
from upstream.ingestion.formats.columns import DATE_COLUMNS, FIELDS
from upstream.ingestion.formats.mapping import Proposal, Word
from upstream.ingestion.formats.profile import DAY_ORDERS, DECIMALS, ENCODINGS, MAX_WORD, SEPARATORS, STATUSES, as_json
from upstream.ingestion.mapping import LONGEST_NAME, Preview

STAND_INS = list(DATE_COLUMNS)
PLAIN_WORD, MOST_WORDS = 30, 4


class MappingFields(serializers.Serializer):
    """What a mapping says; what is left out is as in a canonical file."""

    columns = serializers.DictField(
        child=serializers.ChoiceField(choices=list(FIELDS)), help_text="The file's column, by its key, and ours."
    )
    statuses = serializers.DictField(
        child=serializers.ChoiceField(choices=list(STATUSES)), required=False,
        help_text="The file's words of status, in small letters, and what they mean.",
    )  # fmt: skip
    day_order = serializers.ChoiceField(choices=list(DAY_ORDERS), required=False, help_text="How 03/04/2026 is read.")
    decimals = serializers.ChoiceField(
        choices=list(DECIMALS), required=False, help_text="us is 1,234.50 and eu is 1.234,50."
    )
    separator = serializers.ChoiceField(
        choices=list(filter(None, SEPARATORS)), allow_blank=True, required=False, help_text="Found when left out."
    )
    encoding = serializers.ChoiceField(
        choices=list(filter(None, ENCODINGS)), allow_blank=True, required=False, help_text="Found when left out."
    )
    payer = serializers.CharField(
        required=False, allow_blank=True, max_length=MAX_WORD, help_text="Who pays every claim of the file."
    )
    submitted_from = serializers.ChoiceField(
        choices=STAND_INS,
        allow_blank=True,
        required=False,
        help_text="Stands in for a submission date that is not told.",
    )
    decided_from = serializers.ChoiceField(
        choices=STAND_INS, allow_blank=True, required=False, help_text="Stands in for a decision date that is not told."
    )
    undated = serializers.BooleanField(required=False, help_text="A decision needs no date.")
    status_from_amounts = serializers.BooleanField(required=False, help_text="Work out a status that is not told.")
    lines = serializers.BooleanField(
        required=False, help_text="Rows that follow one another under one claim number are its lines."
    )


class MappingRequest(Strict, MappingFields):
    name = serializers.CharField(max_length=LONGEST_NAME, help_text="The same name makes a new version of it.")
    check_only = serializers.BooleanField(default=False, help_text="Tell what would come of it, and keep nothing.")


class MappingShape(Shape, MappingFields):
    """Ready to be sent back with a name."""


class ColumnShape(Shape):
    key = serializers.CharField(help_text="By which `columns` calls it.")
    title = serializers.CharField()
    column = serializers.CharField(help_text="Ours, as proposed; empty for none.")
    confidence = serializers.FloatField(help_text="From 0 to 1.")
    filled = serializers.FloatField(help_text="The share of the rows looked at in which it is not blank.")


class WordShape(Shape):
    word = serializers.CharField(help_text="Empty for a blank cell.")
    rows = serializers.IntegerField()
    status = serializers.CharField()


class ProposalShape(Shape):
    status = serializers.CharField()
    line = serializers.IntegerField(help_text="Of the titles.")
    rows = serializers.IntegerField(help_text="That were looked at.")
    nearest = serializers.CharField(help_text="The mapping whose columns it mostly has; empty for none.")
    columns = ColumnShape(many=True, help_text="None where the titles may be a row of data: match those in the portal.")
    words = WordShape(many=True, help_text="Of status, as far as they are plain words that we know.")
    other_words = serializers.IntegerField(help_text="Words of status that are not listed.")
    missing = serializers.ListField(child=serializers.CharField(), help_text="What must be told and is not.")
    doubts = serializers.ListField(child=serializers.CharField(), help_text="What the values leave open.")
    mapping = MappingShape()


class ReasonShape(Shape):
    field = serializers.CharField()
    code = serializers.CharField()
    rows = serializers.IntegerField()


class LeftOutShape(Shape):
    line = serializers.IntegerField(source="position")
    field = serializers.CharField()
    code = serializers.CharField()


class CheckShape(Shape):
    claims = serializers.IntegerField()
    lines = serializers.IntegerField()
    rejected = serializers.IntegerField()
    billed = Dollars(source="billed_cents")
    paid = Dollars(source="paid_cents")
    whole = serializers.BooleanField(help_text="False when the file goes on after what was counted.")
    problem = serializers.CharField(help_text="Why it cannot be read at all; empty otherwise.")
    reasons = ReasonShape(many=True, source="reasons_counted")
    rejections = LeftOutShape(many=True, source="first", help_text="The first 20.")


class MappingAnswer(Shape):
    confirmed = serializers.BooleanField(help_text="The file waits to be read with it.")
    name = serializers.CharField()
    version = serializers.IntegerField(help_text="0 when it was only checked.")
    missing = serializers.ListField(child=serializers.CharField())
    check = CheckShape(allow_null=True)


def proposal_of(status: str, preview: Preview) -> dict[str, Any]:
    """ProposalShape, ready for JSON."""
    table, proposal = preview.table, preview.proposal
    plain = [word for word in proposal.words if _is_plain(word)]
    if not table.titled:  # what stands in the place of titles may be a row of people
        proposal = replace(proposal, guesses=(), profile=replace(proposal.profile, columns={}))
    return {
        "status": status,
        "line": table.line,
        "rows": len(table.rows),
        "nearest": preview.near.name if preview.near else "",
        "columns": [
            {"key": guess.key, "title": guess.title, "column": guess.column, "confidence": guess.confidence,
             "filled": _filled(table.values(place))}
            for place, guess in enumerate(proposal.guesses)
        ],
        "words": [{"word": word.word, "rows": word.rows, "status": word.status} for word in plain],
        "other_words": len(proposal.words) - len(plain),
        "missing": proposal.missing,
        "doubts": proposal.doubts,
        "mapping": _told(proposal, {word.word for word in plain}),
    }  # fmt: skip


def _told(proposal: Proposal, plain: set[str]) -> dict[str, Any]:
    told = as_json(proposal.profile)
    return told | {"statuses": {word: status for word, status in told["statuses"].items() if word in plain}}


def _is_plain(word: Word) -> bool:
    """Whether it is a word of status and nothing else: of a column taken for another, a name would not be told."""
    short = len(word.word) <= PLAIN_WORD and len(word.word.split()) <= MOST_WORDS
    return bool(word.status) and short and not any(map(str.isdigit, word.word))


def _filled(values: list[str]) -> float:
    return round(sum(bool(text.strip()) for text in values) / len(values), 3) if values else 0.0
