import pytest
from starlette.requests import Request

from badge.web.origin import Proxies

TRUSTED = "10.0.0.0/8, 192.0.2.1, fd00::/8"


def request(peer: str | None, **headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    client = None if peer is None else (peer, 1234)
    return Request({"type": "http", "client": client, "headers": raw})


@pytest.mark.parametrize(
    ("peer", "headers", "address"),
    [
        ("203.0.113.5", {}, "203.0.113.5"),
        (None, {"x_forwarded_for": "203.0.113.5"}, ""),
        # Nobody undeclared is believed.
        ("203.0.113.5", {"x_forwarded_for": "198.51.100.1"}, "203.0.113.5"),
        ("203.0.113.5", {"forwarded": "for=198.51.100.1"}, "203.0.113.5"),
        # A declared proxy is; what the visitor wrote before it is not.
        ("10.1.2.3", {"x_forwarded_for": "198.51.100.1"}, "198.51.100.1"),
        ("10.1.2.3", {"x_forwarded_for": "6.6.6.6, 198.51.100.1"}, "198.51.100.1"),
        ("10.1.2.3", {"x_forwarded_for": "6.6.6.6, 198.51.100.1, 192.0.2.1"}, "198.51.100.1"),
        ("10.1.2.3", {"x_forwarded_for": "6.6.6.6, nonsense"}, "10.1.2.3"),
        ("10.1.2.3", {"x_forwarded_for": "10.9.9.9"}, "10.9.9.9"),
        ("10.1.2.3", {"x_forwarded_for": "198.51.100.1:4711"}, "198.51.100.1"),
        ("10.1.2.3", {"x_forwarded_for": ""}, "10.1.2.3"),
        ("fd00::1", {"x_forwarded_for": "2001:db8::7"}, "2001:db8::7"),
        ("::ffff:10.1.2.3", {"x_forwarded_for": "198.51.100.1"}, "198.51.100.1"),
        ("10.1.2.3", {"forwarded": 'for=6.6.6.6, For="[2001:db8::7]:4711";proto=https'}, "2001:db8::7"),
        ("10.1.2.3", {"forwarded": "for=198.51.100.1, for=10.0.0.9"}, "198.51.100.1"),
        ("10.1.2.3", {"forwarded": "for=_hidden"}, "10.1.2.3"),
        ("10.1.2.3", {"forwarded": "for=6.6.6.6", "x_forwarded_for": "198.51.100.1"}, "198.51.100.1"),
    ],
)
def test_the_address_is_the_nearest_that_is_no_proxys(
    peer: str | None, headers: dict[str, str], address: str
) -> None:
    assert Proxies.read(TRUSTED).client_address(request(peer, **headers)) == address


def test_without_declared_proxies_no_header_counts() -> None:
    assert Proxies.read("").client_address(request("127.0.0.1", x_forwarded_for="6.6.6.6")) == "127.0.0.1"


def test_what_is_no_network_is_named() -> None:
    with pytest.raises(ValueError, match=r"proxy\.example"):
        Proxies.read("10.0.0.1, proxy.example")
