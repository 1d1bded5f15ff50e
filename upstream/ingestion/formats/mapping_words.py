"""What practice systems, clearinghouses and payers call our columns: our own list, one line a column.

Phrases stand in full words (see ABBREVIATIONS), strongest first; `?` marks one that names the column only when no
better one does.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

ABBREVIATIONS: Mapping[str, str] = {
    "clm": "claim", "clms": "claims", "dt": "date", "dte": "date", "amt": "amount", "amnt": "amount",
    "pmt": "payment", "pymt": "payment", "pay": "payment", "pmnt": "payment", "chg": "charge", "chrg": "charge",
    "charges": "charge", "chgs": "charge", "cd": "code", "cde": "code", "codes": "code", "no": "number",
    "num": "number", "nbr": "number", "nr": "number", "id": "number", "ids": "number", "identifier": "number",
    "pt": "patient", "pat": "patient", "ptnt": "patient", "acct": "account", "ac": "account", "ins": "insurance",
    "insur": "insurance", "insurer": "insurance", "proc": "procedure", "prcdr": "procedure", "px": "procedure",
    "dx": "diagnosis", "dgns": "diagnosis", "diag": "diagnosis", "prov": "provider", "prvdr": "provider",
    "physn": "provider", "physician": "provider", "doctor": "provider", "svc": "service", "srvc": "service",
    "serv": "service", "services": "service", "adj": "adjustment", "adjust": "adjustment", "resp": "responsibility",
    "rspnsblty": "responsibility", "mod": "modifier", "mods": "modifier", "modifiers": "modifier", "mdfr": "modifier",
    "rev": "revenue", "cntr": "center", "qty": "quantity", "loc": "location", "fac": "facility", "grp": "group",
    "rsn": "reason", "reasons": "reason", "rcvd": "received", "recd": "received", "rec": "received", "pd": "paid",
    "tot": "total", "ttl": "total", "mbr": "member", "sbr": "subscriber", "stat": "status", "stus": "status",
    "desc": "description", "dsc": "description", "ref": "reference", "ctrl": "control", "cntl": "control",
    "ctl": "control", "pyr": "payer", "payor": "payer", "payors": "payer", "payers": "payer", "carr": "carrier",
    "auth": "authorization", "authorisation": "authorization", "prior": "authorization", "fname": "first name",
    "lname": "last name", "birthdate": "birth date", "chk": "check", "cheque": "check", "freq": "frequency",
    "orig": "original", "rndrng": "rendering", "rend": "rendering", "bill": "billing", "prncpal": "principal",
    "prin": "principal", "prim": "primary", "sec": "secondary", "thru": "through", "beg": "start", "begin": "start",
    "from": "start", "allow": "allowed", "alwd": "allowed", "alowd": "allowed", "cov": "coverage", "remarks": "remark",
    "denials": "denial", "den": "denial", "rejection": "denial", "hcpc": "hcpcs", "mrn": "chart number",
    "bene": "patient", "subm": "submitted", "submit": "submitted", "submission": "submitted", "fld": "field",
    "eob": "remittance", "era": "remittance", "remit": "remittance", "practice": "location", "dob": "birth date",
    "unit": "units",
}  # fmt: skip

PHRASES: Mapping[str, str] = {
    "claim_id": "claim number|claim control number|claim reference number|claim reference|patient control number"
    "|clp01|clm01|internal control number?|encounter number?|visit number?|invoice number?|ticket number?"
    "|account number?|claim?|marker?|number??",
    "payer": "payer name|payer|insurance name|insurance company|insurance|carrier|carrier name|insurance carrier"
    "|primary payer|primary insurance|health plan|issuer name|issuer|plan name?|insurance plan?|financial class?"
    "|responsible party?",
    "payer_id": "payer number|insurance number?|payer code|carrier number|carrier code|electronic payer number"
    "|primary patient insurance number?",
    "product": "product|plan type|insurance type|plan|line of business|lob|policy type|plan product|coverage type",
    "submitted_date": "submitted date|date submitted|claim date?|billing date|date billed|billed date|submitted on"
    "|first billing date|last billing date?|filed date|date filed|sent date|date sent|transmitted date"
    "|claim submitted date|created date?",
    "service_date": "service date|date of service|dos|service start date|start date of service|first date of service"
    "|claim start date|claim line start date|start date|visit date|encounter date|date of visit|line service date"
    "|treatment date|dos start|service",
    "decided_date": "decided date|decision date|denial date|date denied|adjudication date|adjudicated date"
    "|finalized date|processed date|date processed|process date|remittance date|status date?|closed date?"
    "|determination date|transaction date?|response date|claim procedure date?",
    "received_date": "received date|date received|claim received date|receipt date|payer received date",
    "payment_date": "payment date|paid date|date paid|check date|date of payment|payment posted date|posted"
    "|posted date|posting date|deposit date|eft date|insurance payment date",
    "billed": "billed|billed amount|billing amount|charge|charge amount|total charge|total charge amount"
    "|charged amount|charged|total billed|gross charge|claim amount|claim charge amount|claim total charge amount"
    "|submitted charge|submitted amount|fee?|line charge|claim total|total claim charge|unit amount?|total amount?",
    "allowed": "allowed|allowed amount|allowed charge|allowed charge amount|approved amount|eligible amount"
    "|payer allowed amount|contract amount?|expected amount?|allowable|insurance allowed|covered amount?",
    "paid": "paid|paid amount|payment|payment amount|insurance payment|insurance paid|payer paid|payer payment"
    "|amount paid|total paid|total payment|claim payment amount|net payment|insurance payment amount|primary paid"
    "|primary payment|observed paid amount?|payments|paid by insurance",
    "patient_responsibility": "patient responsibility|patient responsibility amount|patient share|patient balance?"
    "|patient due|patient portion|member responsibility|patient liability|patient payment responsibility|pr amount",
    "status": "status|claim status|line status|current status|payment status|adjudication status|claim state"
    "|disposition|outcome|decision|claim status description|result",
    "denial_reason": "denial code|denial reason|denial reason code|carc|carc code|denied reason|reason code"
    "|adjustment reason code|adjustment reason|adjustment code|claim adjustment reason code|denial|cas code"
    "|denial codes reason|reason|denied code|revenue center 1st ansi code?|non payment reason code?",
    "denial_group": "adjustment group|adjustment group code|group code|cas group|carc group"
    "|claim adjustment group code|denial group code",
    "remark_codes": "remark code|rarc|rarc code|remittance remark code|remark|advice remark code",
    "check_number": "check number|eft number|check eft number|payment number|payment reference|check reference|trn"
    "|check trace number|trace number|transaction reference?",
    "payer_control_number": "payer claim control number|icn|dcn|payer claim number|insurance claim number"
    "|payer control number|payer reference number|payer icn|claim icn|insurance reference number|icn number",
    "procedure_code": "procedure code|cpt|cpt code|hcpcs|hcpcs code|cpt hcpcs|cpt hcpcs code|procedure|service code"
    "|procedure number|code??|top hcpcs?|charge code?",
    "modifiers": "modifier|modifier 1|procedure modifier|hcpcs modifier|cpt modifier|hcpcs 1st modifier code"
    "|modifier code",
    "units": "units|quantity|billed units|units billed|service units|service unit quantity|units of service"
    "|days units|unit count|line units",
    "diagnosis": "diagnosis|diagnosis code|primary diagnosis|icd|icd10|icd 10|icd code|icd10 code|icd 10 code"
    "|principal diagnosis|principal diagnosis code|primary diagnosis code|primary icd10|icd9 diagnosis code"
    "|icd diagnosis code?",
    "revenue_code": "revenue code|ub revenue code|revenue center code|revenue center",
    "place_of_service": "place of service|pos|pos code|place of service code",
    "adjudicated_procedure_code": "adjudicated procedure code|adjudicated procedure|paid procedure code"
    "|priced procedure|paid cpt|allowed cpt|adjudicated cpt",
    "line_id": "line number|claim line number|line item control number|line control number|line?|service line number"
    "|line item|line item number|charge number?|sequence number?",
    "location": "location|location name|facility|facility name|site|clinic|office|service location|department"
    "|office name|location facility|department name|department number?|branch",
    "rendering_npi": "rendering npi|rendering provider npi|provider npi|servicing npi|performing npi|attending npi?"
    "|npi|rendering provider number?|treating npi|service provider npi|at provider npi?",
    "billing_npi": "billing npi|billing provider npi|group npi|pay to npi|organization npi|facility npi?"
    "|org npi number?|payee npi",
    "frequency_code": "frequency code|claim frequency|claim frequency code|bill frequency|resubmission code"
    "|claim frequency type code",
    "original_claim_id": "original claim number|original reference number|previous claim number"
    "|replaced claim number|parent claim number|corrected claim number|original claim|resubmitted claim number",
    "payer_order": "payer order|payer sequence|primary secondary|insurance order|coverage order|insurance level"
    "|payer level|filing order|billing order|payer classification|sequence?|payer responsibility|cob order",
    "authorization_number": "authorization number|authorization|authorization authorization number|precert number"
    "|preauthorization number|referral number?|precertification number|authorization code?",
    "patient_account": "patient account|patient account number|account number|account|chart number|patient number?"
    "|patient chart number|medical record number|person number?|desynpuf number?",
    "member_id": "member number|subscriber number|policy number|insured number|member|subscriber member number"
    "|insurance member number|insurance policy number|beneficiary number|hicn|mbi|patient insurance number?",
    "patient_first_name": "patient first name|first name|patient first|member first name|patient given name"
    "|given name",
    "patient_last_name": "patient last name|last name|patient last|member last name|surname|patient surname"
    "|family name",
    "patient_name": "patient name|patient|name?|member name|subscriber name?|patient full name|full name",
    "patient_birth_date": "patient birth date|birth date|date of birth|patient date of birth|member birth date",
}  # fmt: skip
# Words after which a title means another thing than the phrase in it: the code's text, a flag, a rate.
OTHER_THINGS = frozenset({
    "description", "text", "note", "notes", "comment", "comments", "flag", "indicator", "type", "rate", "count",
    "percent", "pct", "qualifier", "version", "tin", "taxonomy", "phone", "address", "city", "zip", "sex", "gender",
    "race", "days", "aging", "age", "tax", "upin", "switch", "drg", "per", "secondary", "tertiary", "average",
    "week", "month", "weekly", "gap", "proxy", "wow", "risk", "blood", "deductible", "coinsurance", "copay",
    "supervising", "referring", "transfer", "nonfinancial", "present", "method", "end", "through", "start", "npi",
    "visit", "admission", "admsn", "discharge", "dschrg", "vrsn", "wkly", "op", "ot",
})  # fmt: skip
# Words of titles that are written as one, beside those of the phrases.
MORE_WORDS = frozenset(
    {"to", "for", "of", "current", "illness", "health", "healthcare", "out", "in", "last", "by", "is"}
)
SHORTEST_RUN = 7
WEIGHTS = {0: 1.0, 1: 0.7, 2: 0.45}
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=[0-9]+$)")
WORD = re.compile(r"[a-z]+[0-9]*(?:st|nd|rd|th)?|[0-9]+(?:st|nd|rd|th)?|#")
LONGEST_TITLE = 80


def words_of(title: str) -> tuple[str, ...]:
    """The title's words in full: "ClmChgAmt" and "CLM_CHG_AMT" are both claim, charge, amount."""
    split = CAMEL.sub(" ", title[:LONGEST_TITLE]).lower()
    words: list[str] = []
    for word in WORD.findall(split.replace("#", " number ")):
        for part in _parts(word):
            words += ABBREVIATIONS.get(part, part).split()
    return tuple(words)


def _parts(word: str) -> list[str]:
    """ "patientinsuranceid" is patient, insurance, id; a word that we know, or know nothing of, stays whole."""
    known = _known_words()
    if len(word) < SHORTEST_RUN or word in known:
        return [word]
    best: list[list[str] | None] = [[]]
    for end in range(1, len(word) + 1):
        starts = (start for start in range(end) if best[start] is not None and word[start:end] in known)
        found = [[*(best[start] or []), word[start:end]] for start in starts]
        best.append(min(found, key=len, default=None))
    return best[-1] or [word]


@lru_cache(maxsize=1)
def _known_words() -> frozenset[str]:
    ours = {word for phrases in _phrases().values() for phrase in phrases for word in phrase.words}
    return frozenset(word for word in {*ours, *ABBREVIATIONS, *OTHER_THINGS, *MORE_WORDS} if len(word) > 1)


class Phrase(NamedTuple):
    """`weight` is how surely the column's name is meant; a weak single word counts only when it stands alone."""

    column: str
    words: tuple[str, ...]
    weight: float


@lru_cache(maxsize=1)
def _phrases() -> Mapping[str, tuple[Phrase, ...]]:
    """Every phrase under its first word."""
    found: dict[str, list[Phrase]] = {}
    for name, line in PHRASES.items():
        for phrase in line.split("|"):
            words = tuple(ABBREVIATIONS.get(word, word) for word in phrase.rstrip("?").split())
            found.setdefault(words[0], []).append(Phrase(name, words, WEIGHTS[phrase.count("?")]))
    return {word: tuple(phrases) for word, phrases in found.items()}


def title_scores(title: str) -> Mapping[str, float]:
    """How well a title names each of our columns, from 0 (left out) to 1."""
    words = words_of(title)
    numbers = [int(word) for word in words if word.isdecimal()]
    named = tuple(word for word in words if not word.isdecimal())
    later = 0.5 if numbers and max(numbers) > 1 else 1.0  # diagnosis 2: the second of several
    scores: dict[str, float] = {}
    for word in set(words):
        for phrase in _phrases().get(word, ()):
            likeness = 1.0 if phrase.words == words else max(_likeness(phrase, named), _likeness(phrase, words)) * later
            scores[phrase.column] = max(scores.get(phrase.column, 0.0), likeness * phrase.weight)
    return scores


def _likeness(phrase: Phrase, words: tuple[str, ...]) -> float:
    """1 for the same words, less for each word more, nothing when one of the phrase's is missing."""
    if phrase.words == words:
        return 0.98
    if sorted(phrase.words) == sorted(words):
        return 0.95
    single = len(phrase.words) == 1
    if not set(phrase.words) <= set(words) or (single and phrase.weight < 1):
        return 0.0
    extra = [word for word in words if word not in phrase.words]
    if OTHER_THINGS & set(extra):
        return 0.15
    return max(0.9 - 0.15 * len(extra) - 0.15 * single, 0.0)
