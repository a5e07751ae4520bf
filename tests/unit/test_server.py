import socket

import pytest

from badge.server import Bind, check_bind


def test_a_free_port_passes() -> None:
    check_bind(Bind("127.0.0.1", free_port()))


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


@pytest.mark.parametrize("shares", [False, True], ids=["alone", "sharing its port"])
def test_a_taken_port_says_how_to_choose_another(shares: bool) -> None:
    with socket.socket() as other:
        # Workers share a port this way: a second service must not join them unseen.
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, int(shares))
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(OSError, match=rf"port {port} .* taken .*PORT=\d+ make serve"):
            check_bind(Bind("127.0.0.1", port))


@pytest.mark.parametrize("host", ["no.such.host.invalid", "203.0.113.77"])
def test_a_host_that_is_not_here_is_named(host: str) -> None:
    with pytest.raises(OSError, match=host):
        check_bind(Bind(host, free_port()))


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
        ("::1", "http://[::1]:8000"),
        ("badges.lan", "http://badges.lan:8000"),
    ],
)
def test_the_address_is_one_that_a_browser_opens(host: str, url: str) -> None:
    assert Bind(host, 8000).url == url
