"""Where this machine may connect to on a tenant's word: the public internet, and networks that the operator opens.

A name is resolved once, each of its addresses is judged, and the socket goes to one that was judged: a name that
turns private afterwards finds nobody listening. Addresses that carry another one inside are judged by that one too.
"""

import ipaddress
import socket
from dataclasses import dataclass

from django.conf import settings

from upstream.core.errors import DomainError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Instance metadata hands out the machine's own credentials: closed whatever the operator has opened.
NEVER: tuple[Network, ...] = (
    ipaddress.ip_network("169.254.0.0/16"),
    ipaddress.ip_network("fe80::/10"),
    ipaddress.ip_network("fd00:ec2::/32"),
)
TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")


class AddressRefused(DomainError):
    """The address is none that may be connected to."""

    status = 422


class Unreachable(DomainError):
    """Nobody answers there now; later somebody may."""

    status = 503


class BrokenOff(Unreachable):
    """Somebody answered and then did not: what was sent may have arrived."""


@dataclass(frozen=True)
class Place:
    """A judged address of a host: what to connect to, and the name to check the certificate against."""

    host: str
    port: int
    address: str


def place_of(host: str, port: int) -> Place:
    """The first address of the host; AddressRefused when any of its addresses is closed, Unreachable for no address."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as exc:
        raise Unreachable("unknown_host", "the host's name is not known") from exc
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(is_open(address) for address in addresses):
        raise AddressRefused("address_refused", "this address is in a private network that the operator has not opened")
    return Place(host, port, addresses[0])


def connect(host: str, port: int, timeout: float) -> socket.socket:
    """A socket to a judged address of the host; `timeout` seconds hold for connecting and for each later read."""
    place = place_of(host, port)
    try:
        return socket.create_connection((place.address, port), timeout=timeout)
    except OSError as exc:
        raise Unreachable("unreachable", "the server does not answer") from exc


def is_public(host: str, port: int) -> bool:
    """Whether the way there leaves the networks that the operator has opened."""
    address = ipaddress.ip_address(place_of(host, port).address.partition("%")[0])
    return not any(address in network for network in settings.OUTBOUND_ALLOW)


def is_open(text: str) -> bool:
    """Whether the address may be connected to."""
    address = ipaddress.ip_address(text.partition("%")[0])
    return all(_is_open(each) for each in (address, *_carried(address)))


def _is_open(address: Address) -> bool:
    if any(address in network for network in NEVER):
        return False
    if any(address in network for network in settings.OUTBOUND_ALLOW):
        return True
    carries = isinstance(address, ipaddress.IPv6Address) and bool(_carried(address))
    return carries or (address.is_global and not address.is_multicast and not address.is_reserved)


def _carried(address: Address) -> list[Address]:
    """IPv4 addresses inside an IPv6 one: mapped, 6to4, Teredo, NAT64."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    inside: list[Address | None] = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in TRANSLATED:
        inside.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [each for each in inside if each is not None]
