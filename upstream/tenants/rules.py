"""Who may do what: the one table of rights."""

from upstream.tenants.choices import Right, Role

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
        }  # fmt: skip
    ),
    Role.BILLER: frozenset({Right.READ, Right.READ_PHI, Right.UPLOAD, Right.WORK}),
    Role.CLINICIAN: frozenset({Right.READ}),
    Role.AUDITOR: frozenset({Right.READ, Right.AUDIT}),
    Role.STAFF: frozenset({Right.READ}),
}

CLIENT_SCOPES = frozenset(
    {Right.READ, Right.READ_PHI, Right.UPLOAD, Right.WORK, Right.REPORT, Right.PAYERS, Right.ROUTE}
)


def rights_of(role: str) -> frozenset[str]:
    """The rights of a role; none for an unknown one."""
    return RIGHTS.get(role, frozenset())
