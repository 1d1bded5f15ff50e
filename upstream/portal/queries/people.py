"""Names of those who did something."""

import uuid
from dataclasses import dataclass

from django.db.models import QuerySet

from upstream.delivery import addresses
from upstream.delivery.choices import MailFate
from upstream.delivery.models import Address
from upstream.ingestion.models import Source
from upstream.tenants.accounts.factors import CODES, with_factor
from upstream.tenants.models import Membership, User


def names_of(actors: set[str]) -> dict[str, str]:
    """`user:<public id>` to the person's name, for members of this practice alone; machines by their kind."""
    people = {actor: _id_of(actor) for actor in actors if actor.startswith("user:")}
    named = {actor: _machine(actor) for actor in actors - set(people)}
    if people:
        found = Membership.objects.filter(user__public_id__in=people.values()).select_related("user")
        by_id = {m.user.public_id: m.user.get_full_name() or m.user.email for m in found}
        unknown = set(people.values()) - set(by_id)
        if unknown:  # former members, or our own staff
            staff = User.objects.filter(public_id__in=unknown, is_staff=True).values_list("public_id", flat=True)
            by_id |= dict.fromkeys(staff, "Upstream's staff")
        named |= {actor: by_id.get(id_, "a former member") for actor, id_ in people.items()}
    places = {actor for actor in actors if actor.startswith("source:")}
    if places:
        rows = Source.objects.filter(public_id__in=[_id_of(place) for place in places])
        named |= {row.sender: row.name for row in rows}
    return named


def name_of(member: Membership) -> str:
    """As lists call a member whose person was read with it."""
    return member.user.get_full_name() or str(member.user.email)


def members() -> QuerySet[Membership]:
    """Active ones first, by address."""
    rows: QuerySet[Membership] = Membership.objects.select_related("user").order_by("-active", "user__email")
    return rows


@dataclass(frozen=True)
class Person:
    """A member, and what mail providers said of mail to them."""

    member: Membership
    address: Address | None
    factors: frozenset[str] = frozenset()

    @property
    def has_factor(self) -> bool:
        return bool(self.factors - {CODES})

    @property
    def is_invited(self) -> bool:
        """Whether they never set a password, so that an invitation is still on its way."""
        return not self.member.user.has_usable_password()

    @property
    def stopped(self) -> str:
        """Why no mail goes there, "" where it does."""
        because = self.address.stopped_because if self.address else ""
        return MailFate(because).label.lower() if because else ""

    @property
    def soft(self) -> int:
        """How often in a row mail was put off."""
        return self.address.soft_in_a_row if self.address else 0

    @property
    def lifted(self) -> bool:
        """Whether somebody let mail go on, which can be taken back."""
        return bool(self.address and self.address.lifted_because and not self.address.stopped_because)


def with_addresses() -> list[Person]:
    """Everybody with the state of their address and their second factors. Three queries."""
    known, everybody = addresses.known(), list(members())
    held = with_factor(member.user_id for member in everybody)
    return [Person(one, known.get(one.pk), frozenset(held.get(one.user_id, ()))) for one in everybody]


def member_of(person: str) -> Membership | None:
    """The active member with this public id as text, if there is one."""
    try:
        public_id = uuid.UUID(person)
    except ValueError:
        return None
    found: Membership | None = members().filter(user__public_id=public_id, active=True).first()
    return found


def _id_of(actor: str) -> uuid.UUID:
    return uuid.UUID(actor.partition(":")[2])


def _machine(actor: str) -> str:
    kind, _, name = actor.partition(":")
    if kind == "client":
        return f"API client {name}"
    return "Upstream" if kind in {"command", "stage", "system", "detection"} else actor
