"""Where a store listens, read from its URL: one server, a socket, a service behind Sentinels, a Cluster.

redis://user:password@host:6379/0        rediss:// is the same over TLS
unix:///path/to.sock
redis+sentinel://host:26379,host:26379/service/0       rediss+sentinel://
redis+cluster://host:6379,host:6379                    rediss+cluster://
"""

import re
import ssl
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from badge.store.setup import StoreSetupError, redacted

Kind = Literal["server", "socket", "sentinel", "cluster"]
Node = tuple[str, int]

_KINDS: dict[str, Kind] = {"": "server", "sentinel": "sentinel", "cluster": "cluster"}
_PORTS = {"server": 6379, "sentinel": 26379, "cluster": 6379}
_HOST = re.compile(r"(?:\[(?P<six>[0-9a-fA-F:.]+)\]|(?P<name>[\w.-]+))(?::(?P<port>\d{1,5}))?")
_MOST_NODES = 64
_WANTED = (
    "it wants redis://host:6379/0, rediss://user:password@host:6379/0, unix:///path/to.sock, "
    "redis+sentinel://host:26379,host:26379/service or redis+cluster://host:6379,host:6379 "
    "(percent-encode / ? # @ in a password)"
)
_OPTIONS = (
    *("username", "password", "db", "replicas", "sentinel_username", "sentinel_password"),
    *("ssl_ca_certs", "ssl_certfile", "ssl_keyfile", "ssl_check_hostname", "ssl_cert_reqs"),
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user name and a password, either of which may be missing; never shown."""

    username: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Tls:
    """How to know a server, and how to be known by it: files in PEM, where there are any."""

    ca_file: str | None = None
    cert_file: str | None = None
    key_file: str | None = None
    checks_host: bool = True
    checks_certificate: bool = True

    def check(self) -> None:
        """Raises StoreSetupError where a file cannot be read or is not what it should be."""
        try:
            context = ssl.create_default_context(cafile=self.ca_file)
            if self.cert_file:
                context.load_cert_chain(self.cert_file, self.key_file)
        except OSError as error:
            files = ", ".join(file for file in (self.ca_file, self.cert_file, self.key_file) if file)
            raise StoreSetupError(
                f"names TLS files that cannot be used ({error.strerror}): {files}"
            ) from None


@dataclass(frozen=True, slots=True)
class Address:
    """A store's place: nodes is its server, its Sentinels or some nodes of its Cluster, path its socket.

    shown is the URL without its secrets. replicas is how many replicas must have a write before it counts as
    done; None leaves that to `witnesses`.
    """

    kind: Kind
    shown: str
    nodes: tuple[Node, ...] = ()
    path: str = ""
    service: str = ""
    db: int = 0
    replicas: int | None = None
    credentials: Credentials = Credentials()
    sentinel_credentials: Credentials = Credentials()
    tls: Tls | None = None

    @property
    def witnesses(self) -> int:
        """Returns how many replicas must have a pledge: one by default where one may take over."""
        return int(self.kind in ("sentinel", "cluster")) if self.replicas is None else self.replicas

    @classmethod
    def read(cls, setting: str, url: str) -> "Address":
        """Reads the URL of a setting; raises StoreSetupError that shows no secret."""
        try:
            return _read(url)
        except ValueError as error:
            why = error if isinstance(error, StoreSetupError) else f"names no server; {_WANTED}"
            raise StoreSetupError(f"{setting} {why}") from None


def _read(url: str) -> Address:
    if re.search(r"[\s\x00-\x1f#]", url):
        raise StoreSetupError("holds white space, a control character or a #; percent-encode it")
    parts = urlsplit(url)
    base, _, suffix = parts.scheme.partition("+")
    if base not in ("redis", "rediss", "unix") or suffix not in _KINDS or (base == "unix" and suffix):
        raise StoreSetupError(f"begins with {parts.scheme or 'no scheme'!r}; {_WANTED}")
    kind: Kind = "socket" if base == "unix" else _KINDS[suffix]
    options = _options(parts.query)
    user, _, hosts = parts.netloc.rpartition("@")
    if "@" in parts.path or (kind == "socket" and hosts):
        # Most likely the rest of a password, which would pass for a path or a host and be shown.
        raise StoreSetupError(f"names no server; {_WANTED}")
    path, service, db = _path(kind, parts, options)
    address = Address(
        kind,
        redacted(url),
        nodes=() if kind == "socket" else _nodes(hosts, _PORTS[kind]),
        path=path,
        service=service,
        db=db,
        replicas=_number(options, "replicas", 0, 16) if "replicas" in options else None,
        credentials=_credentials(user, options),
        sentinel_credentials=Credentials(options.get("sentinel_username"), options.get("sentinel_password")),
        tls=_tls(base == "rediss", options),
    )
    if kind == "server" and len(address.nodes) > 1:
        raise StoreSetupError("names more than one server without +sentinel or +cluster")
    return address


def _nodes(hosts: str, port: int) -> tuple[Node, ...]:
    found = [_HOST.fullmatch(host) for host in hosts.split(",")[: _MOST_NODES + 1]]
    nodes = [(hit["six"] or hit["name"], int(hit["port"] or port)) for hit in found if hit]
    if len(nodes) != len(found) or not all(0 < number < 65536 for _, number in nodes):
        raise StoreSetupError(f"names no server; {_WANTED}")
    if len(nodes) > _MOST_NODES:
        raise StoreSetupError(f"names more than {_MOST_NODES} servers; some of them are enough")
    return tuple(nodes)


def _path(kind: Kind, parts: SplitResult, options: dict[str, str]) -> tuple[str, str, int]:
    if kind == "socket":
        if not parts.path.strip("/"):
            raise StoreSetupError(f"names no server; {_WANTED}")
        return unquote(parts.path), "", _number(options, "db", 0, 1023)
    names = [unquote(name) for name in parts.path.split("/") if name]
    service = names.pop(0) if kind == "sentinel" and names else ""
    if kind == "sentinel" and not service:
        raise StoreSetupError("names no service that the Sentinels watch")
    if names:
        options = {"db": names.pop(0), **options}
    db = _number(options, "db", 0, 1023)
    if names or (kind == "cluster" and db):
        raise StoreSetupError("has more behind its servers than belongs there")
    return "", service, db


def _options(query: str) -> dict[str, str]:
    options: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True, max_num_fields=len(_OPTIONS)):
        if name not in _OPTIONS:
            near = get_close_matches(name, _OPTIONS, 1)
            hint = f"did you mean {near[0]}" if near else f"known are {', '.join(_OPTIONS)}"
            # Without its name: it may be what stands behind a question mark in a password.
            raise StoreSetupError(f"has an option that is none: {hint}")
        if name in options:
            raise StoreSetupError(f"has the option {name} twice")
        options[name] = value
    return options


def _credentials(user: str, options: dict[str, str]) -> Credentials:
    name, _, password = user.partition(":")
    return Credentials(
        unquote(name) or options.get("username") or None,
        unquote(password) or options.get("password") or None,
    )


def _tls(is_wanted: bool, options: dict[str, str]) -> Tls | None:
    given = [name for name in options if name.startswith("ssl_")]
    if not is_wanted:
        if given:
            raise StoreSetupError(f"has the option {given[0]} without TLS (rediss://)")
        return None
    tls = Tls(
        options.get("ssl_ca_certs"),
        options.get("ssl_certfile"),
        options.get("ssl_keyfile"),
        checks_host=_choice(options, "ssl_check_hostname", "true", "false"),
        checks_certificate=_choice(options, "ssl_cert_reqs", "required", "none"),
    )
    tls.check()
    return tls


def _choice(options: dict[str, str], name: str, yes: str, no: str) -> bool:
    value = options.get(name, yes).lower()
    if value not in (yes, no):
        raise StoreSetupError(f"has an {name} that is neither {yes} nor {no}")
    return value == yes


def _number(options: dict[str, str], name: str, low: int, high: int) -> int:
    value = options.get(name, str(low))
    if not re.fullmatch(r"\d{1,4}", value) or not low <= int(value) <= high:
        # Without the value: it may be what stands behind a slash in a password.
        raise StoreSetupError(f"has a {name} that is no number from {low} to {high}")
    return int(value)
