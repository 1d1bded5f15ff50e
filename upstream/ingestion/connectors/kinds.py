"""The kinds of places, and what each must be told: one declaration for the form, the command and the checks."""

from dataclasses import dataclass
from importlib import import_module
from typing import cast

from upstream.core.errors import Invalid
from upstream.ingestion.connectors.contract import Connector, Setup

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Ask:
    """One thing that a source is told. `where` says where it connects to: changing it asks for the secrets again."""

    name: str
    label: str
    help: str = ""
    required: bool = False
    secret: bool = False
    where: bool = False
    long: bool = False
    default: str = ""
    choices: Choices = ()


@dataclass(frozen=True)
class Kind:
    """A kind of place; `settles`: a file may be seen half-written there, and is taken at the second equal look."""

    key: str
    label: str
    summary: str
    asks: tuple[Ask, ...]
    settles: bool = False

    def open(self, setup: Setup) -> Connector:
        """A connection; WrongSettings, Unreachable, CredentialsRefused, IdentityChanged, AddressRefused."""
        module = import_module(f"upstream.ingestion.connectors.{self.key}")
        return cast(Connector, module.connect(setup))

    @property
    def secrets(self) -> frozenset[str]:
        return frozenset(ask.name for ask in self.asks if ask.secret)

    def checked(self, values: dict[str, str]) -> dict[str, str]:
        """The values, complete and known; Invalid names the first that is not."""
        unknown = sorted(set(values) - {ask.name for ask in self.asks})
        if unknown:
            raise Invalid("unknown_setting", f"{self.label} has no setting {unknown[0]}")
        found = {ask.name: values.get(ask.name, "").strip() or ask.default for ask in self.asks}
        for ask in self.asks:
            value = found[ask.name]
            if ask.required and not value:
                raise Invalid("missing_setting", f"{ask.label} is needed")
            if ask.choices and value not in {key for key, _ in ask.choices}:
                raise Invalid("bad_setting", f"{ask.label} is none of {', '.join(key for key, _ in ask.choices)}")
            if "\0" in value or len(value) > (20_000 if ask.long or ask.secret else 500):
                raise Invalid("bad_setting", f"{ask.label} is longer than any real one")
        return found


PATTERN = Ask("pattern", "Files", "Names that are taken, such as *.835, *.txt. Blank takes all.")
COMPLETE: Choices = (
    ("stable", "when its size and time have not changed between two looks"),
    ("marker", "when a file of the same name and .done lies beside it"),
    ("rename", "at once: the sender renames it when it is whole"),
)
WHOLE = Ask("complete", "A file is whole", default="stable", choices=COMPLETE)
AFTERWARDS = Ask(
    "afterwards", "Afterwards",
    default="leave",
    choices=(("leave", "leave it there"), ("move", "move it into the folder done"), ("delete", "delete it there")),
)  # fmt: skip
CA = Ask(
    "ca", "Certificate authority", "PEM text, when the server's certificate is signed by one of your own.", long=True
)

FOLDER = Kind(
    "folder", "Watched folder", "A folder of this server that another program writes into.",
    (
        Ask("folder", "Folder", "Below the folder that the operator has opened for this practice.", where=True),
        PATTERN, WHOLE, AFTERWARDS,
    ),
    settles=True,
)  # fmt: skip

SFTP = Kind(
    "sftp", "SFTP server", "A clearinghouse's or payer's mailbox, or your own server.",
    (
        Ask("host", "Server", "Its name, such as sftp.example.org.", required=True, where=True),
        Ask("port", "Port", default="22", where=True),
        Ask(
            "host_key", "Host key",
            "Its fingerprint, SHA256:..., which the server's owner tells you. Left blank, Test connection shows it.",
            where=True,
        ),
        Ask("user", "User", required=True, where=True),
        Ask("password", "Password", secret=True),
        Ask("private_key", "Private key", "In place of a password: the text of its file.", secret=True, long=True),
        Ask("passphrase", "Passphrase of the private key", secret=True),
        Ask("folder", "Folder", "Where the files lie; blank is where the server puts you.", where=True),
        PATTERN, WHOLE, AFTERWARDS,
    ),
    settles=True,
)  # fmt: skip

HTTPS = Kind(
    "https", "Web address (HTTPS)", "A file at an address, or the files that a list there names.",
    (
        Ask("url", "Address", "https://...", required=True, where=True),
        Ask(
            "what", "What stands there", default="file",
            choices=(("file", "one file, fetched when it changes"), ("list", "a JSON list of files")),
        ),
        Ask("pattern", "Files", "Names of a list that are taken, such as *.835. Blank takes all."),
        Ask(
            "proof", "How we sign in", default="none",
            choices=(("none", "not at all"), ("basic", "user and password"), ("bearer", "token (as Bearer)"),
                     ("key", "key (X-API-Key)")),
        ),
        Ask("user", "User", where=True),
        Ask("secret", "Password, token or key", secret=True),
        CA,
    ),
)  # fmt: skip
S3 = Kind(
    "s3", "S3 bucket", "Of Amazon, or of a server that speaks S3 such as MinIO.",
    (
        Ask("endpoint", "Server", "https://... of a server of your own; blank is Amazon.", where=True),
        Ask("region", "Region", default="us-east-1", where=True),
        Ask("bucket", "Bucket", required=True, where=True),
        Ask("prefix", "Folder", "Such as remits/; blank is the whole bucket's top."),
        PATTERN,
        Ask("access_key", "Access key", required=True, where=True),
        Ask("secret_key", "Secret key", secret=True, required=True),
        AFTERWARDS, CA,
    ),
)  # fmt: skip
SQL = Kind(
    "sql", "Database query", "Rows of your practice system, by a saved query.",
    (
        Ask(
            "database_kind", "Kind of database", default="postgresql",
            choices=(("postgresql", "PostgreSQL"), ("mysql", "MySQL or MariaDB"), ("sqlserver", "Microsoft SQL Server"),
                     ("oracle", "Oracle")),
            where=True,
        ),
        Ask("host", "Server", required=True, where=True),
        Ask("port", "Port", "Blank is the usual one.", where=True),
        Ask("database", "Database", "For Oracle, the service name.", required=True, where=True),
        Ask("user", "User", "One that may only read.", required=True, where=True),
        Ask("password", "Password", secret=True, required=True),
        Ask(
            "tls", "Encryption", default="on",
            choices=(("on", "always"), ("off", "none, inside your own network")), where=True,
        ),
        CA,
        Ask(
            "query", "Query",
            "One SELECT with the columns of the claims CSV; :watermark is the largest value so far.",
            required=True, long=True,
        ),
        Ask("watermark", "Watermark column", "A column of the query that only grows, such as the time of change."),
        Ask("start", "First watermark", "Where the first pull begins, such as 2026-01-01."),
    ),
)  # fmt: skip
FHIR = Kind(
    "fhir_bulk", "FHIR Bulk Data", "A payer's export of explanations of benefit, with SMART backend sign-in.",
    (
        Ask("base", "FHIR address", "https://.../fhir", required=True, where=True),
        Ask("group", "Group", "Its id, when the payer exports by group."),
        Ask(
            "level", "Without a group, export", default="system",
            choices=(("system", "everything"), ("patient", "all patients")),
        ),
        Ask("types", "Kinds of resources", default="ExplanationOfBenefit,ClaimResponse,Claim"),
        Ask("client_id", "Client id", required=True, where=True),
        Ask("key_id", "Key id (kid)", "As registered with the payer."),
        Ask("private_key", "Private key", "PEM text, RSA or P-384.", secret=True, long=True, required=True),
        Ask("token_url", "Token address", "Blank: the server says it itself.", where=True),
        Ask("scope", "Scope", default="system/*.read"),
        CA,
    ),
)  # fmt: skip

KINDS = {kind.key: kind for kind in (SFTP, S3, HTTPS, FHIR, SQL, FOLDER)}


def kind_of(key: str) -> Kind:
    """The kind; Invalid("unknown_kind") when there is none."""
    if key not in KINDS:
        raise Invalid("unknown_kind", f"there is no kind of source {key!r}: there are {', '.join(sorted(KINDS))}")
    return KINDS[key]
