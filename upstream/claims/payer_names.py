"""Names and identifiers of payers, taken apart: base words, state, product. Pure."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from upstream.claims.choices import PayerType, ProductClass
from upstream.claims.payer_words import (
    BLUES,
    CODES,
    DROPPED,
    GENERIC,
    JOINED,
    NO_IDENTIFIER,
    NOT_LAST,
    PRODUCTS,
    SAME_WORD,
    SPLIT,
    STATES,
)

C = ProductClass
TYPES = {
    C.MEDICARE: PayerType.MEDICARE,
    C.MEDICARE_ADVANTAGE: PayerType.MEDICARE_ADVANTAGE,
    C.MEDICAID: PayerType.MEDICAID,
    C.MEDICAID_PLAN: PayerType.MEDICAID_PLAN,
    C.MARKETPLACE: PayerType.MARKETPLACE,
    C.SELF_FUNDED: PayerType.SELF_FUNDED,
    C.BLUECARD: PayerType.BLUECARD,
    C.TRICARE: PayerType.TRICARE,
    C.VETERANS: PayerType.VETERANS,
    C.INJURY: PayerType.INJURY,
}


@dataclass(frozen=True)
class PayerName:
    """A name taken apart: `base` words in order, what is left of `state` and product; `plan` like "PPO" or "".

    `stated` is whether the name says the product at all; one that does not counts as commercial.
    """

    base: tuple[str, ...]
    state: str
    product: ProductClass
    plan: str
    stated: bool
    blue: bool

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(self.base)

    @cached_property
    def sorted(self) -> str:
        """The set of words as one text."""
        return " ".join(sorted(self.words))

    @cached_property
    def root(self) -> str:
        """The words that few payers share, as one text."""
        return " ".join(sorted(self.words - GENERIC - self.marks))

    @cached_property
    def marks(self) -> frozenset[str]:
        """Numbers and single letters, which no likeness overlooks."""
        return frozenset(word for word in self.words if word.isdigit() or len(word) == 1)

    @property
    def payer_type(self) -> PayerType:
        """What the name itself says of the type; UNKNOWN where it does not."""
        if self.product is C.COMMERCIAL and self.stated:
            return PayerType.COMMERCIAL
        return TYPES.get(self.product, PayerType.UNKNOWN)


def text_key(name: str) -> str:
    """Upper case, accents and punctuation gone, single spaces: the same however it is typed."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().upper()
    return " ".join(re.sub(r"[^A-Z0-9]+", " ", plain.replace("'", "").replace("&", " AND ")).split())[:200]


def identifier_key(identifier: str) -> str:
    """The identifier as compared: letters and digits; "" for the words and rows of one digit that stand for none."""
    key = "".join(re.findall(r"[A-Z0-9]+", identifier.upper()))[:80]
    return "" if key in NO_IDENTIFIER or len(set(key)) == 1 and len(key) > 1 else key


@lru_cache(maxsize=4096)
def read_name(name: str) -> PayerName:
    """Take a name apart. Where nothing but dropped words is left, they are the base."""
    words = tuple(_unfolded(_initials(text_key(name).split())))
    rest, state = _without_state(words)
    rest, products = _without_products(rest)
    base = tuple(word for word in rest if word not in DROPPED)
    kind, plan = _product(products, base)
    if not base and not products:
        base = words or ("UNNAMED",)
    blue = any(word in BLUES or word.startswith("BCBS") for word in words)
    return PayerName(base, state, kind, plan, bool(products), blue)


def best_name(names: Sequence[str]) -> str:
    """How a payer with these names is shown: in small letters rather than capitals, short, then by the alphabet."""
    return min(names, key=lambda name: (name.isupper(), len(name), name))


def _initials(words: Sequence[str]) -> list[str]:
    """Single letters in a row are one word: B C B S, U S A."""
    done: list[str] = []
    run = ""
    for word in [*words, ""]:
        if len(word) == 1 and word.isalpha():
            run += word
            continue
        if run:
            done.append(run)
        run = ""
        if word:
            done.append(word)
    return done


def _unfolded(words: Sequence[str]) -> Iterator[str]:
    """One spelling for each word."""
    place = 0
    while place < len(words):
        pair = tuple(SAME_WORD.get(word, word) for word in words[place : place + 2])
        if joined := JOINED.get(pair):
            yield joined
            place += 2
            continue
        yield from SPLIT.get(words[place], pair[:1])
        place += 1


def _without_state(words: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """The words without the states they name, and the states' codes in the order of the alphabet."""
    found: set[str] = set()
    rest: list[str] = []
    place = 0
    while place < len(words):
        taken = next((n for n in (3, 2, 1) if words[place : place + n] in STATES), 0)
        if taken:
            found.add(STATES[words[place : place + taken]])
        elif _is_code(words, place):
            found.add(words[place])
            taken = 1
        else:
            rest.append(words[place])
        place += taken or 1
    return tuple(rest), " ".join(sorted(found))


def _is_code(words: tuple[str, ...], place: int) -> bool:
    word = words[place]
    if word not in CODES or place == 0:
        return False
    return words[place - 1] == "OF" or (place == len(words) - 1 and word not in NOT_LAST)


def _without_products(words: tuple[str, ...]) -> tuple[tuple[str, ...], list[tuple[ProductClass, str]]]:
    left = [word for word in words if word not in {"OF", "FOR", "THE", "AND"}]
    found: list[tuple[ProductClass, str]] = []
    rest: list[str] = []
    place = 0
    while place < len(left):
        here = next((row for row in PRODUCTS if tuple(left[place : place + len(row[0])]) == row[0]), None)
        if here is None:
            rest.append(left[place])
        else:
            found.append(here[1:])
        place += len(here[0]) if here else 1
    return tuple(rest), found


def _product(found: list[tuple[ProductClass, str]], base: tuple[str, ...]) -> tuple[ProductClass, str]:
    """The product of a name that says these; Medicare and Medicaid alone are the programmes themselves."""
    kinds = [kind for kind, _ in found]
    plan = next((words for _, words in found if words), "")
    special = [kind for kind in kinds if kind is not C.COMMERCIAL]
    if not special:
        return C.COMMERCIAL, plan
    kind = min(special, key=list(C).index)
    if kind is C.MEDICARE_UNCLEAR:
        if C.COMMERCIAL in kinds:
            return C.MEDICARE_ADVANTAGE, plan
        return (C.MEDICARE if not base else kind), plan
    if kind is C.MEDICAID and base:
        return C.MEDICAID_PLAN, plan
    return kind, plan
