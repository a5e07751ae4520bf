import pytest

from badge.store import StoreSetupError
from badge.store.address import Address, Credentials, Tls


def read(url: str) -> Address:
    return Address.read("BLUEHEART_REDIS_URL", url)


def test_one_server() -> None:
    address = read("redis://ann:p%40ss%2Fword@example.org:7000/3")
    assert (address.kind, address.nodes, address.db) == ("server", (("example.org", 7000),), 3)
    assert address.credentials == Credentials("ann", "p@ss/word")
    assert (address.tls, address.witnesses) == (None, 0)
    assert read("redis://:only-a-password@h").credentials == Credentials(None, "only-a-password")
    assert read("redis://[::1]").nodes == (("::1", 6379),)
    assert read("redis://h?replicas=2").witnesses == 2


def test_a_socket() -> None:
    address = read("unix:///run/a%20b/data.sock?db=2&password=p")
    assert (address.kind, address.path, address.db) == ("socket", "/run/a b/data.sock", 2)
    assert address.credentials == Credentials(None, "p")


def test_sentinels_and_the_service_that_they_watch() -> None:
    address = read("redis+sentinel://u:p@one,two:7000/hearts/1?sentinel_password=s")
    assert (address.kind, address.service, address.db) == ("sentinel", "hearts", 1)
    assert address.nodes == (("one", 26379), ("two", 7000))
    assert address.credentials == Credentials("u", "p")
    assert address.sentinel_credentials == Credentials(None, "s")
    assert address.witnesses == 1


def test_a_cluster() -> None:
    address = read("redis+cluster://one:7000,[2001:db8::1]:7001,three")
    assert address.nodes == (("one", 7000), ("2001:db8::1", 7001), ("three", 6379))
    assert address.witnesses == 1
    assert read("redis+cluster://one?replicas=0").witnesses == 0


def test_tls_and_what_is_believed() -> None:
    assert read("rediss://h").tls == Tls()
    assert read("rediss+sentinel://h/s").tls == read("rediss+cluster://h").tls == Tls()
    address = read("rediss://h?ssl_check_hostname=false&ssl_cert_reqs=none")
    assert address.tls == Tls(checks_host=False, checks_certificate=False)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://h:1", "begins with 'http'"),
        ("redis+ring://h", "begins with 'redis\\+ring'"),
        ("unix+cluster:///h", "begins with"),
        ("localhost:6379", "begins with 'localhost'"),
        ("redis://", "names no server"),
        ("redis://h:port", "names no server"),
        ("redis://h:70000", "names no server"),
        ("redis://[::1", "names no server"),
        ("unix://", "names no server"),
        ("redis://one,two", "more than one server without"),
        ("redis+cluster://" + ",".join(["h"] * 65), "more than 64 servers"),
        ("redis+cluster://h/1", "more behind its servers"),
        ("redis+sentinel://h", "no service"),
        ("redis://h/0/1", "more behind its servers"),
        ("redis://h/zero", "a db that is no number from 0 to 1023"),
        ("redis://h/-1", "a db that is no number"),
        ("redis://h?replicas=many", "a replicas that is no number from 0 to 16"),
        ("redis://h?socket_timeout=1", "an option that is none: known are username"),
        ("redis://:pass word@h", "white space"),
        ("redis://h?pasword=x", "did you mean password"),
        ("redis://h?db=1&db=2", "the option db twice"),
        ("redis://h?ssl_cert_reqs=none", "without TLS"),
        ("rediss://h?ssl_check_hostname=maybe", "neither true nor false"),
        ("rediss://h?ssl_ca_certs=/nowhere.pem", r"cannot be used \(No such file.*/nowhere\.pem"),
        ("rediss://h?ssl_certfile=" + __file__, "cannot be used"),
    ],
)
def test_what_cannot_be_one_is_refused_with_what_would_be_right(url: str, says: str) -> None:
    with pytest.raises(StoreSetupError, match=says) as caught:
        read(url)
    assert "BLUEHEART_REDIS_URL" in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "redis://:hunter2/x@h:6379/0",
        "redis://:hunter2?x@h:6379/0",
        "redis://:hunter2#x@h:6379/0",
        "redis://a:hunter2@h:nought",
        "redis://a:b/hunter2@h/0",
        "http://a:hunter2@h",
        "redis://a:hunter2@h?db=hunter2",
        "redis+sentinel://a:b@h/s?sentinel_pasword=hunter2",
        "rediss://h?ssl_cert_reqs=hunter2&password=hunter2",
    ],
)
def test_no_message_shows_a_password(url: str) -> None:
    with pytest.raises(StoreSetupError) as caught:
        read(url)
    assert "hunter2" not in str(caught.value)


def test_an_address_shows_no_password() -> None:
    address = read("redis+sentinel://ann:hunter2@h/s?password=hunter2&sentinel_password=hunter2")
    assert "hunter2" not in repr(address) + address.shown
    assert address.shown.startswith("redis+sentinel://***@h/s")
