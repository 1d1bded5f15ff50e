"""A failed check in plain words. Pure: values in, text out; payers are named, people and claims never."""

from collections.abc import Mapping
from typing import Any

from upstream.ingestion.quality.checks import BY_NAME
from upstream.ingestion.quality.choices import Level

SINGULAR = {"have": "has", "are": "is", "were": "was", "deny": "denies"}
LOOK_FIRST = "look at the data first"
PARTS = {
    "new_columns": "new columns", "gone_columns": "columns that are gone", "new_senders": "new senders",
    "new_versions": "new versions",
}  # fmt: skip


def caveat(name: str, payer: str, files: int) -> str:
    """ "2 files of Summit Mutual are out of balance: look at the data first"."""
    check = BY_NAME[name]
    if check.level == Level.FILE:
        of = f" of {payer}" if payer else ""
        said = f"{files:,} file{'' if files == 1 else 's'}{of} {agreeing(check.caveat, files)}"
    else:
        said = f"{payer} {check.caveat}" if payer else check.caveat
    return f"{said}: {LOOK_FIRST}"


def agreeing(words: str, number: int) -> str:
    """The sentence's verb, its first word, in the number of its subject."""
    verb, _, rest = words.partition(" ")
    if number != 1:
        return words
    return f"{SINGULAR.get(verb, verb + 's')} {rest}"


def counted(name: str, count: int, of: int, detail: Mapping[str, Any]) -> str:
    """ "12 of 300 claims without a procedure code"; what was seen of layouts, codes and silences."""
    check = BY_NAME[name]
    if check.level != Level.FILE:
        return _over_time(name, count, of, detail)
    if name == "new_layout":
        found = [
            f"{len(detail[part])} {words}{_known(detail[part])}" for part, words in PARTS.items() if detail.get(part)
        ]
        return ", ".join(found)
    if detail.get("codes"):
        return f"{count:,} {check.rows}: {', '.join(detail['codes'][:12])}"
    return f"{count:,} of {of:,}: {check.rows}"


def _over_time(name: str, count: int, of: int, detail: Mapping[str, Any]) -> str:
    if name == "payer_silent":
        return f"{count:,} days without a remittance; {detail.get('expected', 0):g} were to be expected"
    if name == "payer_unmapped":
        return f"{count:,} claims wait for a decision on their payer's name"
    if name.startswith("volume_"):
        return f"{count:,} claims arrived, usually {of:,}"
    days = detail.get("days")
    return f"{count:,} days: {', '.join(days[:6])}" if days else f"{count:,} days without a file"


def _known(names: list[str]) -> str:
    """Names that a person may read: marks of columns that are none of ours say nothing."""
    told = [name for name in names if not _is_mark(name)]
    return f" ({', '.join(told)})" if told else ""


def _is_mark(name: str) -> bool:
    return len(name) == 12 and all(letter in "0123456789abcdef" for letter in name)


def limit(name: str, share: float, above: float) -> str:
    """ "4.0%, limit 2.0%"; chances and multiples as what they are."""
    check = BY_NAME[name]
    if name == "payer_unmapped":
        return "no decision yet"
    if name.startswith("volume_"):
        return f"{share:.1f} times the usual, limit {above:g}"
    if check.level != Level.FILE:
        chance = f"one in {1 / share:,.0f}" if share > 1e-9 else "less than one in a billion"
        return f"chance {chance}, limit one in {1 / above:,.0f}" if above else f"chance {chance}"
    return f"{share:.1%}, limit {above:.1%}"
