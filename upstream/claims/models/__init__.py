"""Claims and what payers answered, with memory. No PHI but in `identity`."""

from upstream.claims.models.adjudication import (
    Adjudication,
    Adjustment,
    LineAdjudication,
    ProviderAdjustment,
    Remittance,
)
from upstream.claims.models.claim import Claim, ClaimRevision, ServiceLine
from upstream.claims.models.codes import CarcOverride, NewCode, RemarkRule
from upstream.claims.models.identity import ClaimIdentity, Patient
from upstream.claims.models.matching import ClaimAuthorization, ClaimMatch, ClaimReplacement
from upstream.claims.models.payer import (
    CarcRule,
    Payer,
    PayerAlias,
    PayerDoubt,
    PayerMove,
    PayerOrg,
    Product,
    RawPayer,
)
from upstream.claims.models.rollup import PayerWeek, ProcedureWeek, ReasonWeek, SiteWeek, SubmissionWeek
from upstream.claims.models.status import Authorization, ClaimStatus, Coverage
from upstream.claims.models.withdrawal import Withdrawal

__all__ = [
    "Adjudication",
    "Adjustment",
    "Authorization",
    "CarcOverride",
    "CarcRule",
    "Claim",
    "ClaimAuthorization",
    "ClaimIdentity",
    "ClaimMatch",
    "ClaimReplacement",
    "ClaimRevision",
    "ClaimStatus",
    "Coverage",
    "LineAdjudication",
    "NewCode",
    "Patient",
    "Payer",
    "PayerAlias",
    "PayerDoubt",
    "PayerMove",
    "PayerOrg",
    "PayerWeek",
    "ProcedureWeek",
    "Product",
    "ProviderAdjustment",
    "RawPayer",
    "ReasonWeek",
    "RemarkRule",
    "Remittance",
    "ServiceLine",
    "SiteWeek",
    "SubmissionWeek",
    "Withdrawal",
]
