"""The two demo practices as plain constants: who pays, what is billed, and which payer changes are planted."""

from dataclasses import dataclass, replace
from datetime import date

from upstream.claims.choices import PayerType
from upstream.samples.invented.people import npi_of


@dataclass(frozen=True, slots=True)
class Procedure:
    """What is billed: its share of the claims, the charge and the usual fee in cents, and its denial risk."""

    code: str
    share: float
    charge_cents: int
    fee_cents: int
    family: str
    diagnoses: tuple[str, ...]
    modifiers: tuple[str, ...] = ("",)
    units: tuple[int, ...] = (1,)
    place: str = "11"
    risk: float = 1.0
    companion: str = ""
    companion_share: float = 0.0


@dataclass(frozen=True, slots=True)
class Payer:
    """One fictional payer: its share of the claims, how often it denies, how long it takes, and when it pays.

    `lag_days` is the median from submission until the claim is ready for a payment run on weekday `payday`;
    denials take `denial_lag` times as long. `denied_status` is the CLP02 it writes on a full denial. The practice knows
    its `payer_type`, so that its clocks run.
    """

    name: str
    payer_id: str
    letters: str
    tax_id: str
    filing: str
    share: float
    denial_rate: float
    lag_days: float
    lag_spread: float
    denial_lag: float
    payday: int
    fee_factor: float
    denied_status: str = "1"
    sequestration: bool = False
    interest_after: int = 45
    payer_type: PayerType = PayerType.COMMERCIAL


@dataclass(frozen=True, slots=True)
class Site:
    """A location with its share of the claims and its fee locality."""

    name: str
    share: float
    fee_factor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedChange:
    """A payer's own change, in force for decisions from the Monday `weeks_back` weeks before the last week.

    Claims in scope are denied `factor` times as often as before; `leading_share` of the extra denials carry
    `denial_reason` with `remark`, the others the usual reasons. Blank keys mean all.
    """

    payer: str
    procedure_code: str = ""
    location: str = ""
    denial_reason: str
    remark: str
    leading_share: float = 1.0
    factor: float
    weeks_back: int
    title: str

    @property
    def scope(self) -> dict[str, str]:
        """The keys that tell the changed claims from others, as `replay` names them."""
        keys = {"payer": self.payer, "procedure_code": self.procedure_code, "location": self.location}
        if self.leading_share == 1.0:
            keys["denial_reason"] = self.denial_reason
        return {key: value for key, value in keys.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedChange(PlantedChange):
    """A planted change with the day on which it began."""

    onset: date


@dataclass(frozen=True, slots=True)
class Practice:
    """A fictional practice and everything its two years are made from."""

    slug: str
    name: str
    prefix: str
    seed: int
    npi: str
    tax_id: str
    claims_per_week: float
    season: float
    peak_day: int
    patients: int
    clinicians: int
    sites: tuple[Site, ...]
    payers: tuple[Payer, ...]
    procedures: tuple[Procedure, ...]
    changes: tuple[PlantedChange, ...] = ()


SUMMIT = Payer("Summit Mutual", "DSM01", "SMU", "990000101", "12", 0.27, 0.080, 11, 0.38, 1.15, 2, 1.08)
NORTHSTAR = Payer("Northstar Health", "DNS02", "NSH", "990000202", "12", 0.26, 0.080, 13, 0.36, 0.90, 3, 1.00)
HARBOR = Payer(
    "Harbor Advantage",
    "DHA03",
    "HAR",
    "990000303",
    "16",
    0.25,
    0.110,
    15,
    0.34,
    1.30,
    1,
    0.92,
    sequestration=True,
    payer_type=PayerType.MEDICARE_ADVANTAGE,
)
CIVIC = Payer(
    "Civic Care", "DCC04", "CIV", "990000404", "MC", 0.13, 0.120, 19, 0.40, 0.85, 4, 0.71, "4",
    payer_type=PayerType.MEDICAID_PLAN,
)  # fmt: skip
BLUE_MESA = Payer("Blue Mesa Plan", "DBM05", "BMP", "990000505", "BL", 0.09, 0.065, 8, 0.35, 1.05, 0, 1.15)

SIDES = ("RT", "LT")
KNEE = ("M17.11", "M17.12", "M25.561", "M25.562", "S83.242A")
BACK = ("M54.50", "M51.26", "M47.816")
SHOULDER = ("M75.101", "M25.511", "M19.011")
CARE = ("I10", "E11.9", "E78.5", "J06.9", "K21.9", "F41.1")

EXERCISE = Procedure("97110", 0.09, 9500, 3300, "therapy", KNEE + BACK, ("GP",), (2, 2, 3), risk=1.2)

ORTHOPEDICS = (
    Procedure("99213", 0.16, 18500, 9800, "visit", KNEE + BACK, risk=0.8, companion="73562", companion_share=0.2),
    Procedure("99214", 0.115, 26500, 13900, "visit", KNEE + SHOULDER, risk=0.85),
    Procedure("99203", 0.06, 24000, 12200, "visit", KNEE + BACK, risk=0.9, companion="73562", companion_share=0.3),
    Procedure("73721", 0.14, 98000, 36000, "imaging", KNEE, SIDES, risk=1.0),
    Procedure("72148", 0.07, 94000, 33500, "imaging", BACK, risk=1.3),
    Procedure("73221", 0.04, 98000, 36500, "imaging", SHOULDER, SIDES, risk=1.3),
    Procedure("73562", 0.09, 12000, 4600, "imaging", KNEE, SIDES, risk=0.7),
    Procedure("73030", 0.04, 11000, 4200, "imaging", SHOULDER, SIDES, risk=0.7),
    Procedure("72100", 0.03, 12500, 4700, "imaging", BACK, risk=0.7),
    Procedure("20610", 0.08, 21500, 7600, "injection", KNEE, SIDES, risk=1.1, companion="99213", companion_share=0.35),
    Procedure("64483", 0.01, 98000, 26000, "injection", BACK, place="24", risk=1.6),
    Procedure("29881", 0.02, 240000, 62000, "surgery", KNEE, SIDES, place="24", risk=1.5),
    replace(EXERCISE, companion="97140", companion_share=0.5),
    Procedure("97140", 0.035, 8800, 3000, "therapy", BACK + SHOULDER, ("GP",), (1, 2), risk=1.2),
    Procedure("97161", 0.02, 17500, 9900, "therapy", KNEE + BACK, ("GP",), risk=1.1),
)

FAMILY_MEDICINE = (
    Procedure("99213", 0.28, 16500, 9600, "visit", CARE, risk=0.9, companion="83036", companion_share=0.15),
    Procedure("99214", 0.22, 24500, 13600, "visit", CARE, risk=0.95, companion="93000", companion_share=0.12),
    Procedure("99203", 0.05, 22500, 12000, "visit", CARE, risk=1.0),
    Procedure("99396", 0.09, 23500, 13800, "visit", ("Z00.00", "Z00.01"), risk=1.0),
    Procedure("G0439", 0.06, 21000, 13200, "visit", ("Z00.00",), risk=1.1),
    Procedure("80053", 0.08, 5200, 1450, "lab", CARE, risk=1.1),
    Procedure("85025", 0.05, 3600, 1050, "lab", CARE, risk=1.1),
    Procedure("83036", 0.06, 4200, 1300, "lab", ("E11.9", "R73.03"), risk=1.2),
    Procedure("87880", 0.04, 4600, 1650, "lab", ("J02.9",), risk=1.1),
    Procedure("93000", 0.03, 7500, 1900, "visit", ("I10", "R07.9"), risk=1.2),
    Procedure("90471", 0.03, 4800, 2100, "injection", ("Z23",), risk=1.2),
    Procedure("20610", 0.01, 19500, 7400, "injection", KNEE, SIDES, risk=1.3),
)

KNEE_MRI = PlantedChange(
    payer="Summit Mutual",
    procedure_code="73721",
    denial_reason="CO-197",
    remark="M62",
    factor=5.6,
    weeks_back=11,
    title="Summit Mutual denies knee MRI for missing authorization",
)
WESTGATE_CLAIMS = PlantedChange(
    payer="Northstar Health",
    location="Westgate",
    denial_reason="CO-16",
    remark="MA114",
    factor=4.2,
    weeks_back=7,
    title="Northstar Health denies Westgate claims for missing information",
)

LAKESIDE = Practice(
    slug="lakeside",
    name="Lakeside Orthopedics & Imaging",
    prefix="LOI",
    seed=7314,
    npi=npi_of("199000001"),
    tax_id="990007314",
    claims_per_week=425,
    season=0.04,
    peak_day=290,
    patients=7000,
    clinicians=9,
    sites=(Site("Harborview", 0.42, 1.01), Site("Westgate", 0.31, 1.0), Site("Pine Street", 0.27, 0.985)),
    payers=(SUMMIT, NORTHSTAR, HARBOR, CIVIC, BLUE_MESA),
    procedures=ORTHOPEDICS,
    changes=(
        PlantedChange(
            payer="Harbor Advantage",
            denial_reason="CO-50",
            remark="N115",
            leading_share=0.65,
            factor=2.2,
            weeks_back=16,
            title="Harbor Advantage denies twice as often, mostly for medical necessity",
        ),
        KNEE_MRI,
        WESTGATE_CLAIMS,
    ),
)

QUIETWATER = Practice(
    slug="quietwater",
    name="Quietwater Family Medicine",
    prefix="QFM",
    seed=4127,
    npi=npi_of("199000002"),
    tax_id="990004127",
    claims_per_week=265,
    season=0.10,
    peak_day=20,
    patients=5200,
    clinicians=6,
    sites=(Site("Mill Pond", 0.6, 1.0), Site("Church Lane", 0.4, 0.99)),
    payers=(
        replace(BLUE_MESA, share=0.34, lag_days=9),
        replace(NORTHSTAR, share=0.28, denial_rate=0.075),
        replace(SUMMIT, share=0.22, denial_rate=0.085),
        replace(CIVIC, share=0.16, denial_rate=0.105),
    ),
    procedures=FAMILY_MEDICINE,
)

PRACTICES: dict[str, Practice] = {practice.slug: practice for practice in (LAKESIDE, QUIETWATER)}
