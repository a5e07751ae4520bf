"""Where a request comes from: the peer's address, or what a declared proxy says of its own peer."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Self

from starlette.requests import Request

_MOST_HOPS = 16

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Proxies:
    """The networks whose X-Forwarded-For and Forwarded headers count."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def read(cls, text: str) -> Self:
        """Reads addresses and networks, comma separated; raises ValueError that names a wrong one."""
        parts = [part.strip() for part in text.split(",") if part.strip()]
        try:
            return cls(tuple(ip_network(part, strict=False) for part in parts))
        except ValueError as error:
            raise ValueError(f"{error}; it wants as 10.0.0.0/8, ::1") from None

    def client_address(self, request: Request) -> str:
        """Returns the nearest address that is no declared proxy's; "" where the transport has none."""
        peer = request.client.host if request.client else ""
        if not self.networks:
            return peer
        address = _read(peer)
        if address is None or not self._trusts(address):
            return peer
        for hop in reversed(_hops(request)[-_MOST_HOPS:]):
            address = _read(hop)
            if address is None:
                break
            peer = str(address)
            if not self._trusts(address):
                break
        return peer

    def _trusts(self, address: Address) -> bool:
        return any(address.version == network.version and address in network for network in self.networks)


def _hops(request: Request) -> list[str]:
    # Only one of the two is read: a proxy that writes one often passes the other on as the visitor sent it.
    if lines := request.headers.getlist("x-forwarded-for"):
        return ",".join(lines).split(",")
    return [_forwarded_for(element) for element in ",".join(request.headers.getlist("forwarded")).split(",")]


def _forwarded_for(element: str) -> str:
    """Returns the `for` parameter of one element of Forwarded (RFC 7239, 4 and 6)."""
    for pair in element.split(";"):
        name, _, value = pair.strip().partition("=")
        if name.lower() == "for":
            return value.strip('"')
    return ""


def _read(text: str) -> Address | None:
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
