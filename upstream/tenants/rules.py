"""Who may do what: the one table of rights."""

from collections.abc import Set

from upstream.tenants.choices import Right, Role, SecondFactor

RIGHTS: dict[str, frozenset[str]] = {
    Role.OWNER: frozenset(Right),
    Role.MANAGER: frozenset(
        {
            Right.READ,
            Right.READ_PHI,
            Right.UPLOAD,
            Right.WORK,
            Right.REPORT,
            Right.CONNECT,
            Right.PAYERS,
            Right.ROUTE,
            Right.METHOD,
            Right.QUERY,
        }  # fmt: skip
    ),
    Role.BILLER: frozenset({Right.READ, Right.READ_PHI, Right.UPLOAD, Right.WORK}),
    Role.CLINICIAN: frozenset({Right.READ}),
    Role.AUDITOR: frozenset({Right.READ, Right.AUDIT}),
    Role.STAFF: frozenset({Right.READ}),
}

CLIENT_SCOPES = frozenset(
    {
        Right.READ,
        Right.READ_PHI,
        Right.UPLOAD,
        Right.WORK,
        Right.REPORT,
        Right.PAYERS,
        Right.ROUTE,
        Right.QUERY,
        Right.AUDIT,
    }
)


def rights_of(role: str) -> frozenset[str]:
    """The rights of a role; none for an unknown one."""
    return RIGHTS.get(role, frozenset())


STRICTNESS = (SecondFactor.OPTIONAL, SecondFactor.PHI, SecondFactor.ALL)
IDLE_MINUTES = range(2, 31)


def stricter(policy: str, least: str) -> str:
    """Whichever of the two asks more people for a second factor."""
    return max(policy, least, key=STRICTNESS.index)


def allowed_policies(least: str) -> tuple[SecondFactor, ...]:
    """What a practice may choose: nothing looser than the installation's own minimum."""
    return STRICTNESS[STRICTNESS.index(SecondFactor(least)) :]


def needs_second_factor(rights: Set[str], policy: str, least: str) -> bool:
    """Whether a person with these rights must have used a second factor before a page of the practice opens."""
    held = stricter(policy, least)
    return held == SecondFactor.ALL or (held == SecondFactor.PHI and Right.READ_PHI in rights)
