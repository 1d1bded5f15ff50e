"""The words that payer names are read by: legal forms, states, products. Plain constants, our own choice."""

from upstream.claims.choices import ProductClass

C = ProductClass

# Words that a name carries or drops without meaning another payer.
DROPPED = frozenset(
    {
        "THE", "AND", "OF", "FOR", "INC", "INCORPORATED", "LLC", "LTD", "LIMITED", "LP", "LLP", "PLC", "CO", "COMPANY",
        "COMPANIES", "CORP", "CORPORATION", "INS", "INSUR", "INSURANCE", "ASSURANCE", "INDEMNITY", "ASSN", "ASSOC",
        "ASSOCIATION", "GRP", "GROUP", "USA", "PAYER", "PAYOR",
    }
)  # fmt: skip
SAME_WORD = {
    "HLTH": "HEALTH", "HTH": "HEALTH", "HLTHCARE": "HEALTHCARE", "HC": "HEALTHCARE", "MUT": "MUTUAL",
    "NATL": "NATIONAL", "AMER": "AMERICAN", "PLANS": "PLAN", "PLN": "PLAN", "BENEFITS": "BENEFIT", "BEN": "BENEFIT",
    "SVCS": "SERVICES", "SVC": "SERVICES", "SERVICE": "SERVICES", "MGMT": "MANAGEMENT", "MGT": "MANAGEMENT",
    "ADMIN": "ADMINISTRATORS", "ADMINISTRATOR": "ADMINISTRATORS", "SYS": "SYSTEM", "SYSTEMS": "SYSTEM",
    "MCARE": "MEDICARE", "MCAID": "MEDICAID", "COMM": "COMMERCIAL", "SOLUTION": "SOLUTIONS", "SOL": "SOLUTIONS",
}  # fmt: skip
# Written in one word by one, in two by the next.
JOINED: dict[tuple[str, ...], str] = {
    ("HEALTH", "CARE"): "HEALTHCARE",
    ("MEDI", "CAL"): "MEDICAL",
    ("BLUE", "CARD"): "BLUECARD",
}
SPLIT = {
    "BCBS": ("BLUE", "CROSS", "BLUE", "SHIELD"),
    "BCBSA": ("BLUE", "CROSS", "BLUE", "SHIELD"),
    "BXBS": ("BLUE", "CROSS", "BLUE", "SHIELD"),
    "BLUECROSS": ("BLUE", "CROSS"),
    "BLUESHIELD": ("BLUE", "SHIELD"),
    "BLUECROSSBLUESHIELD": ("BLUE", "CROSS", "BLUE", "SHIELD"),
}
# More than thirty companies share the Blue names, and their own names say little of one another.
BLUES = frozenset({
    "BLUE", "BLUES", "BCBS", "BCBSM", "ANTHEM", "HIGHMARK", "CAREFIRST", "PREMERA", "REGENCE", "WELLMARK", "EXCELLUS",
})  # fmt: skip
# Words that many payers' names hold: alone they make no two payers alike.
GENERIC = frozenset(
    {
        "HEALTH", "HEALTHCARE", "CARE", "PLAN", "MUTUAL", "LIFE", "NATIONAL", "AMERICAN", "UNITED", "FIRST", "GENERAL",
        "COMMUNITY", "BENEFIT", "SERVICES", "MANAGEMENT", "ADMINISTRATORS", "SYSTEM", "NETWORK", "CHOICE", "PARTNERS",
        "SOLUTIONS", "BLUE", "CROSS", "SHIELD", "MEDICAL", "FAMILY", "PREFERRED", "SELECT", "TRUST", "FUND", "UNION",
        "WELFARE", "EMPLOYEES", "EMPLOYEE", "STATE", "CITY", "COUNTY", "ADVANTAGE", "PREMIER", "GLOBAL", "DIRECT",
    }
)  # fmt: skip

# Phrases that say which product a name speaks of, the longest first; with the words that are kept as the plan's name.
PRODUCTS: tuple[tuple[tuple[str, ...], ProductClass, str], ...] = tuple(
    sorted(
        (
            (tuple(words.split()), kind, plan)
            for kind, phrases in {
                C.MEDICARE_ADVANTAGE: {
                    "MEDICARE ADVANTAGE": "", "MEDICARE ADV": "", "MEDICARE ADVTG": "", "MED ADV": "", "MEDADV": "",
                    "MEDICARE ADVANTAGE PPO": "PPO", "MEDICARE ADVANTAGE HMO": "HMO", "MEDICARE ADV PPO": "PPO",
                    "MEDICARE ADV HMO": "HMO", "MA PPO": "PPO", "MA HMO": "HMO", "MAPD": "", "MA PD": "",
                    "MEDICARE PPO": "PPO", "MEDICARE HMO": "HMO", "MEDICARE PFFS": "PFFS", "SENIOR ADVANTAGE": "",
                    "MEDICARE REPLACEMENT": "", "DSNP": "DSNP", "D SNP": "DSNP", "DUAL SNP": "DSNP",
                    "MEDICARE PART C": "", "PART C": "",
                },
                C.SUPPLEMENT: {
                    "MEDICARE SUPPLEMENT": "", "MEDICARE SUPP": "", "MEDIGAP": "", "MED SUPP": "",
                    "MEDICARE SUPPLEMENTAL": "",
                },
                C.MEDICARE: {
                    "RAILROAD MEDICARE": "railroad", "MEDICARE RAILROAD": "railroad", "MEDICARE PART A": "part A",
                    "MEDICARE PART B": "part B", "MEDICARE A": "part A", "MEDICARE B": "part B",
                    "MEDICARE FFS": "", "ORIGINAL MEDICARE": "", "TRADITIONAL MEDICARE": "", "MEDICARE DME": "DME",
                },
                C.MEDICARE_UNCLEAR: {"MEDICARE": "", "MA": ""},
                C.MEDICAID_PLAN: {
                    "MANAGED MEDICAID": "", "MEDICAID MCO": "", "MEDICAID HMO": "HMO", "MEDICAID MANAGED CARE": "",
                    "MEDICAID MANAGED": "", "CHIP": "CHIP", "MEDICAID CHIP": "CHIP",
                },
                C.MEDICAID: {"MEDICAID": "", "MEDICAID FFS": "", "MEDICAID FEE SERVICE": "", "MEDICAL ASSISTANCE": ""},
                C.MARKETPLACE: {
                    "EXCHANGE": "", "MARKETPLACE": "", "QHP": "", "ON EXCHANGE": "", "HIX": "", "ACA": "",
                    "INDIVIDUAL EXCHANGE": "", "HEALTH INSURANCE MARKETPLACE": "",
                },
                C.SELF_FUNDED: {
                    "SELF FUNDED": "", "SELF INSURED": "", "SELFFUNDED": "", "ASO": "", "ERISA": "",
                    "ADMINISTRATIVE SERVICES ONLY": "",
                },
                C.BLUECARD: {"BLUECARD": "", "BLUECARD PPO": "PPO"},
                C.FEDERAL: {"FEP": "", "FEHB": "", "FEDERAL EMPLOYEE PROGRAM": "", "FEDERAL EMPLOYEES PROGRAM": ""},
                C.TRICARE: {
                    "TRICARE": "", "CHAMPUS": "", "TRICARE PRIME": "prime", "TRICARE SELECT": "select",
                    "TRICARE LIFE": "for life", "TRICARE EAST": "east", "TRICARE WEST": "west",
                },
                C.VETERANS: {
                    "VETERANS AFFAIRS": "", "VETERANS ADMINISTRATION": "", "DEPARTMENT VETERANS AFFAIRS": "",
                    "VA CCN": "community care", "VACCN": "community care", "VA COMMUNITY CARE": "community care",
                    "CHAMPVA": "CHAMPVA", "VA HEALTHCARE": "",
                },
                C.INJURY: {
                    "WORKERS COMP": "", "WORKERS COMPENSATION": "", "WORKMANS COMP": "",
                    "WORKERS COMPENSATION FUND": "", "WORKCOMP": "", "WORK COMP": "", "WC": "",
                    "AUTO": "auto", "NO FAULT": "auto", "PIP": "auto",
                },
                C.DENTAL: {"DENTAL": ""},
                C.VISION: {"VISION": ""},
                C.BEHAVIORAL: {"BEHAVIORAL HEALTH": "", "BEHAVIORAL": "", "BEHAVIOURAL HEALTH": ""},
                C.COMMERCIAL: {
                    "PPO": "PPO", "HMO": "HMO", "EPO": "EPO", "POS": "POS", "HDHP": "HDHP", "COMMERCIAL": "",
                    "COMMERCIAL PPO": "PPO", "COMMERCIAL HMO": "HMO", "OPEN ACCESS": "open access",
                },
            }.items()
            for words, plan in phrases.items()
        ),
        key=lambda row: (-len(row[0]), row[0]),
    )
)  # fmt: skip

STATES: dict[tuple[str, ...], str] = {
    tuple(words.split()): code
    for code, words in {
        "AL": "ALABAMA", "AK": "ALASKA", "AZ": "ARIZONA", "AR": "ARKANSAS", "CA": "CALIFORNIA", "CO": "COLORADO",
        "CT": "CONNECTICUT", "DE": "DELAWARE", "DC": "DISTRICT OF COLUMBIA", "FL": "FLORIDA", "GA": "GEORGIA",
        "HI": "HAWAII", "ID": "IDAHO", "IL": "ILLINOIS", "IN": "INDIANA", "IA": "IOWA", "KS": "KANSAS",
        "KY": "KENTUCKY", "LA": "LOUISIANA", "ME": "MAINE", "MD": "MARYLAND", "MA": "MASSACHUSETTS", "MI": "MICHIGAN",
        "MN": "MINNESOTA", "MS": "MISSISSIPPI", "MO": "MISSOURI", "MT": "MONTANA", "NE": "NEBRASKA", "NV": "NEVADA",
        "NH": "NEW HAMPSHIRE", "NJ": "NEW JERSEY", "NM": "NEW MEXICO", "NY": "NEW YORK", "NC": "NORTH CAROLINA",
        "ND": "NORTH DAKOTA", "OH": "OHIO", "OK": "OKLAHOMA", "OR": "OREGON", "PA": "PENNSYLVANIA",
        "PR": "PUERTO RICO", "RI": "RHODE ISLAND", "SC": "SOUTH CAROLINA", "SD": "SOUTH DAKOTA", "TN": "TENNESSEE",
        "TX": "TEXAS", "UT": "UTAH", "VT": "VERMONT", "VA": "VIRGINIA", "WA": "WASHINGTON", "WV": "WEST VIRGINIA",
        "WI": "WISCONSIN", "WY": "WYOMING",
    }.items()
}  # fmt: skip
CODES = frozenset(STATES.values())
# As the last word these mean something else as often as a state; after "of" they mean the state.
NOT_LAST = frozenset({"CO", "MA", "IN", "OR", "ME", "HI"})
# What a file writes where it has no identifier.
NO_IDENTIFIER = frozenset({"UNKNOWN", "NONE", "NA", "NULL", "TBD", "PAPER", "PRINT", "MAIL", "SPRNT", "PAYER", "SELF"})
