"""Fictional people: storybook names, random member numbers, and provider numbers with a right check digit."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

FIRST_NAMES = (
    "Ada", "Basil", "Clover", "Dahlia", "Ember", "Fern", "Gale", "Hazel", "Indigo", "Juniper", "Kestrel", "Linden",
    "Marigold", "Nettle", "Olive", "Poppy", "Quill", "Rowan", "Sage", "Thistle", "Umber", "Violet", "Willow",
    "Yarrow", "Aster", "Briar", "Cedar", "Flint", "Heath", "Ivy", "Lark", "Moss",
)  # fmt: skip
LAST_NAMES = (
    "Applewick", "Barleymoor", "Candlebrook", "Dewberry", "Elderfen", "Featherstow", "Gooseholm", "Hedgerley",
    "Inkwell", "Jamwood", "Kettlecombe", "Lanternby", "Mossgrove", "Nutbourne", "Oatfield", "Pebblecote",
    "Quincewell", "Reedmarsh", "Sandalwick", "Teasdown", "Underhedge", "Vinegarth", "Wickerby", "Yewhollow",
    "Acornley", "Bramblecote", "Cloudsley", "Duckworthy", "Eiderdown", "Foxglovely", "Gingerfield", "Honeyacre",
    "Icecombe", "Jasperley", "Kitewell", "Lilypad", "Marrowby", "Nightwick", "Otterholt", "Plumtree",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Patient:
    """One fictional patient of one payer."""

    first_name: str
    last_name: str
    birth_date: date
    member_id: str


@dataclass(frozen=True, slots=True)
class Clinician:
    """One fictional clinician; `fee_factor` is what payers pay of the physician fee (assistants 0.85)."""

    first_name: str
    last_name: str
    npi: str
    fee_factor: float = 1.0


def npi_of(nine_digits: str) -> str:
    """Ten digits: the nine and the Luhn check digit over "80840" and the nine (CMS rule for provider numbers)."""
    total = 0
    for place, digit in enumerate(reversed("80840" + nine_digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return nine_digits + str(-total % 10)


def member_id(draw: Random, letters: str) -> str:
    """A random member number that starts with the payer's letters."""
    return f"{letters}{draw.randrange(10**9):09d}"


def draw_patients(draw: Random, count: int, letters: str, first_day: date) -> list[Patient]:
    """`count` grown-up patients, 18 to 88 years old on `first_day`."""
    return [
        Patient(
            draw.choice(FIRST_NAMES),
            draw.choice(LAST_NAMES),
            first_day - timedelta(days=draw.randrange(18 * 366, 88 * 365)),
            member_id(draw, letters),
        )
        for _ in range(count)
    ]


def draw_clinicians(draw: Random, count: int) -> list[Clinician]:
    """`count` clinicians with different provider numbers; every fourth is an assistant, paid at 85 %."""
    numbers = draw.sample(range(100_000_000, 200_000_000), count)
    return [
        Clinician(
            draw.choice(FIRST_NAMES), draw.choice(LAST_NAMES), npi_of(str(number)), 0.85 if place % 4 == 3 else 1.0
        )
        for place, number in enumerate(numbers)
    ]
