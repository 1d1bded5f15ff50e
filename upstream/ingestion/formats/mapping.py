"""Which column is which: a proposal from titles and values, for a person to confirm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from upstream.ingestion.formats.assigning import best_pairs
from upstream.ingestion.formats.columns import AMOUNT_COLUMNS, DATE_COLUMNS, FIELDS
from upstream.ingestion.formats.csv_vocabulary import amount_words, read_day
from upstream.ingestion.formats.mapping_table import Table
from upstream.ingestion.formats.mapping_values import fits, gives_away, status_hint
from upstream.ingestion.formats.mapping_words import title_scores
from upstream.ingestion.formats.profile import Profile, title_key
from upstream.ingestion.formats.values import PLAIN_AMOUNT

THRESHOLD = 0.4
GIVEN_AWAY = 0.5  # how sure values alone may make us
EMPTY_COLUMN, EMPTY_TABLE = 0.5, 0.8  # what a title is worth without values
FEW_STATUSES, MOST_WORDS = 15, 40
FEW_ROWS = 3
REPEATING = 0.05  # share of rows that repeat the claim number above them: rows are lines


@dataclass(frozen=True, slots=True)
class Guess:
    """One column of the file: the column of ours that it seems to be ("" for none) and how surely, from 0 to 1."""

    key: str
    title: str
    column: str = ""
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Word:
    """One status word of the sample, on how many rows, and what it seems to mean ("" when it says nothing to us)."""

    word: str
    rows: int
    status: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """`profile` is ready to be confirmed but for what `missing` names. `doubts` tell what the values leave open:
    "day_order" (every date can be read both ways), "mixed_days", "decimals", "mixed_decimals"."""

    profile: Profile
    guesses: tuple[Guess, ...]
    missing: tuple[str, ...]
    doubts: tuple[str, ...]
    words: tuple[Word, ...]


def propose(table: Table, known: Mapping[str, str] | None = None) -> Proposal:
    """The likeliest mapping of the table's columns. `known`: pairs that hold already, such as those of a form."""
    guesses = _guesses(table, known)
    return _finished(table, Profile({guess.key: guess.column for guess in guesses if guess.column}), guesses)


def _finished(table: Table, profile: Profile, guesses: tuple[Guess, ...]) -> Proposal:
    """The profile's columns with dates, numbers, words and stand-ins as the sample's values call for."""
    at = {column: table.keys.index(key) for key, column in profile.columns.items()}
    days = [text for name in DATE_COLUMNS if name in at for text in table.values(at[name])]
    amounts = [text for name in AMOUNT_COLUMNS if name in at for text in table.values(at[name])]
    day_order, day_doubts = _day_order(days)
    decimals, decimal_doubts = _decimals(amounts)
    words = statuses_in(table.values(at["status"])) if "status" in at else ()
    profile = replace(
        profile,
        separator="" if table.separator == "," else table.separator,
        day_order=day_order,
        decimals=decimals,
        statuses={word.word: word.status for word in words if word.status},
        status_from_amounts="status" not in at and "paid" in at,
        submitted_from="" if "submitted_date" in at else _first(at, "service_date", "received_date"),
        decided_from="" if "decided_date" in at else _first(at, "payment_date"),
        undated="decided_date" not in at,
        lines="line_id" not in at and _repeats(table, at),
    )
    return Proposal(profile, guesses, profile.lacking(), (*day_doubts, *decimal_doubts), words)


def _first(at: Mapping[str, int], *names: str) -> str:
    return next((name for name in names if name in at), "")


def _guesses(table: Table, known: Mapping[str, str] | None) -> tuple[Guess, ...]:
    keys, fixed = table.keys, known or {}
    taken = set(fixed.values())
    names = [name for name in FIELDS if name not in taken]
    free = [index for index, key in enumerate(keys) if key not in fixed]
    scores = [_scores(table.titles[index], table.values(index)) for index in free]
    # Squares: one sure pair is worth more than two doubtful ones.
    grid = [[score.get(name, 0.0) ** 2 for name in names] for score in scores]
    pairs = best_pairs(grid, THRESHOLD**2)
    found = {free[row]: (names[place], scores[row][names[place]]) for row, place in pairs}
    found |= {index: (fixed[key], 1.0) for index, key in enumerate(keys) if key in fixed}
    return tuple(Guess(key, table.titles[index], *found.get(index, ())) for index, key in enumerate(keys))


def _scores(title: str, values: Sequence[str]) -> dict[str, float]:
    """How well one column would do as each of ours: its title, borne out or belied by its values."""
    shares, titles = fits(values), title_scores(title)
    few = len(set(values)) <= FEW_STATUSES or len(values) <= FEW_STATUSES
    found = {}
    for name, field in FIELDS.items():
        named, fit = titles.get(name, 0.0), shares.get(field.kind)
        if fit is None:
            score = named * (EMPTY_COLUMN if values else EMPTY_TABLE)
        elif named:
            score = named * (0.3 + 0.7 * fit)
        else:
            score = GIVEN_AWAY * gives_away(field.kind, values)
        if (name == "status" and not few) or (name == "claim_id" and _never_changes(values)):
            score *= 0.5
        found[name] = round(score, 2)
    return found


def _never_changes(values: Sequence[str]) -> bool:
    return len(values) > FEW_ROWS and len({text.strip() for text in values}) == 1


def statuses_in(values: Sequence[str]) -> tuple[Word, ...]:
    """The words of a status column, commonest first; nothing where there are too many to be statuses."""
    counted: dict[str, int] = {}
    for text in values:
        word = title_key(text)
        counted[word] = counted.get(word, 0) + 1
    if len(counted) > MOST_WORDS:
        return ()
    ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Word(word, rows, status_hint(word)) for word, rows in ranked)


def _day_order(texts: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The order that more dates call for; doubts where none decides, or where both are called for."""
    month_first = day_first = either = 0
    for text in {text.strip() for text in texts if text.strip()}:
        read = read_day(text, "mdy"), read_day(text, "dmy")
        month_first += read[0] is not None and read[1] is None
        day_first += read[1] is not None and read[0] is None
        either += None not in read and read[0] != read[1]
    if month_first and day_first:
        return ("dmy" if day_first > month_first else "mdy"), ("mixed_days",)
    doubts = ("day_order",) if either and not (month_first or day_first) else ()
    return ("dmy" if day_first else "mdy"), doubts


def _decimals(texts: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The style that more amounts call for; `1.200` or `1,200` alone decides nothing."""
    us, eu = amount_words("us"), amount_words("eu")
    american = european = either = 0
    for text in {text.strip() for text in texts if text.strip()}:
        told = us(text), eu(text)
        read = PLAIN_AMOUNT.fullmatch(told[0]), PLAIN_AMOUNT.fullmatch(told[1])
        american += bool(read[0]) and not read[1]
        european += bool(read[1]) and not read[0]
        either += bool(read[0] and read[1]) and told[0] != told[1]
    if american and european:
        return ("eu" if european > american else "us"), ("mixed_decimals",)
    doubts = ("decimals",) if either and not (american or european) else ()
    return ("eu" if european else "us"), doubts


def _repeats(table: Table, at: Mapping[str, int]) -> bool:
    if "claim_id" not in at or len(table.rows) < 2:
        return False
    numbers = [text.strip() for text in table.values(at["claim_id"])]
    repeated = sum(bool(one) and one == next_one for one, next_one in zip(numbers, numbers[1:], strict=False))
    return repeated > REPEATING * len(numbers)
