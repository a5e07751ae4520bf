"""One table of settings: each field is BLUEHEART_<NAME> in the environment, with its default and its help."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import platformdirs


class SettingsError(ValueError):
    """A setting that cannot be used; the message names it and says what would be right."""


def _setting(default: Any, help_: str, *, secret: bool = False) -> Any:
    return field(default=default, metadata={"help": help_}, repr=not secret)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a deployer may choose; read once by `app.py` and `cli.py`, handed on as values."""

    host: str = _setting("127.0.0.1", "address to listen on")
    port: int = _setting(8000, "port to listen on")
    workers: int = _setting(1, "worker processes, one a core at most")
    public_url: str = _setting(
        "", "origin for absolute URLs, as https://badges.example; default http://HOST:PORT"
    )
    data_dir: Path = _setting(
        Path(platformdirs.user_data_dir("blueheart", appauthor=False)), "folder that holds all state"
    )
    redis_url: str = _setting("", "Redis or Valkey for pledges; empty starts our own", secret=True)
    cache_url: str = _setting("", "Redis or Valkey for renders; empty starts our own", secret=True)
    memory_cache_bytes: int = _setting(16 * 2**20, "bytes of pictures kept in each worker's memory")
    cache_ttl_s: int = _setting(7 * 86400, "seconds a picture stays in the cache store")
    render_queue: int = _setting(64, "pictures that may wait for the render thread before 503")
    request_deadline_s: float = _setting(15.0, "seconds a request may take before 503")
    pledge_cost: int = _setting(10_000, "PBKDF2 iterations of one proof-of-work attempt")
    pledge_attempts: int = _setting(64, "mean attempts a proof of work takes (a power of two)")
    pledge_limit: str = _setting("30/minute", "pledges per address prefix, as 30/minute, or off")
    challenge_limit: str = _setting("120/minute", "the same for challenges of the proof of work")
    form_limit: str = _setting("10/minute", "pledges by form per address prefix, or off")
    receipt_limit: str = _setting("60/minute", "withdrawals and looks at receipts per address prefix, or off")
    campaign_burst: str = _setting("10000/minute", "pledges of one campaign from everywhere, or off")
    campaign_limit: str = _setting("500000/day", "pledges of one campaign in the long run, or off")
    pledge_surge: int = _setting(600, "pledges a minute of one campaign that may be a flood")
    archive_dir: str = _setting(
        "", "folder, or s3://bucket/prefix, that takes old entries of the log out of memory; empty: none"
    )
    archive_endpoint: str = _setting("", "where the bucket is, as https://storage.example.org; empty: AWS")
    archive_region: str = _setting("", "the bucket's region, as eu-central-1")
    archive_key_id: str = _setting("", "the bucket's access key; empty: the role of the machine")
    archive_secret: str = _setting("", "the secret of that access key", secret=True)
    admin_token: str = _setting("", "token that makes and approves campaigns; empty: nobody may", secret=True)
    open_campaigns: int = _setting(0, "1 lets anyone make a campaign, shown once it is approved")
    open_limit: str = _setting("10/day", "campaigns that strangers make, per address prefix, or off")
    open_total: str = _setting("200/day", "campaigns that strangers make, from everywhere, or off")
    edit_limit: str = _setting(
        "60/minute", "changes of campaigns by their owners, per address prefix, or off"
    )
    log_key: str = _setting(
        "",
        "Ed25519 keys in PEM that sign the public log; empty derives one from the pledge store",
        secret=True,
    )
    miss_limit: str = _setting("600/minute", "pictures drawn anew per address prefix, as 600/minute, or off")
    url_keys: str = _setting("", "keys of signed URLs, comma separated, the first signs", secret=True)
    report_to: str = _setting("", "where readers report a text, as mailto:…; default abuse@ our host")
    stream_limit: int = _setting(64, "event streams from one address to one worker, 0 for any number")
    trusted_proxies: str = _setting("", "addresses of proxies whose Forwarded headers count, comma separated")
    font_dirs: str = _setting("", "further font folders, separated by the path separator")
    log_level: str = _setting("info", "debug, info, warning or error")

    @classmethod
    def table(cls) -> list[tuple[str, str, str]]:
        """Returns (variable, default, help) of every setting."""
        return [(f"BLUEHEART_{f.name.upper()}", str(f.default), f.metadata["help"]) for f in fields(cls)]

    @property
    def report_address(self) -> str:
        """Returns where readers report a text: by default the mailbox that RFC 2142 keeps for that."""
        return self.report_to or f"mailto:abuse@{urlsplit(self.origin).hostname}"

    @property
    def origin(self) -> str:
        """Returns the origin of absolute URLs, without a trailing slash; never taken from a Host header."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"


def read_settings(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Reads BLUEHEART_* (secrets also from BLUEHEART_*_FILE) into Settings; overrides that are not None win.

    Raises SettingsError on an unknown BLUEHEART_ name or a value that does not fit.
    """
    environ = os.environ if environ is None else environ
    known = {f"BLUEHEART_{f.name.upper()}": f for f in fields(Settings)}
    values: dict[str, Any] = {}
    for name, raw in environ.items():
        if not name.startswith("BLUEHEART_"):
            continue
        if name.endswith("_FILE") and name not in known:
            name, raw = name.removesuffix("_FILE"), _read_secret(name, raw)
        if name not in known:
            near = get_close_matches(name, known, 1)
            hint = f"; did you mean {near[0]}?" if near else "; `blueheart serve --help` lists them all"
            raise SettingsError(f"{name} is not a setting{hint}")
        if known[name].name in values:
            raise SettingsError(f"{name} and {name}_FILE are both set; unset one")
        values[known[name].name] = _convert(name, raw, known[name].default)
    values.update({name: value for name, value in overrides.items() if value is not None})
    settings = Settings(**values)
    _check(settings)
    return settings


def _read_secret(name: str, path: str) -> str:
    try:
        return Path(path).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise SettingsError(f"{name} names {path}, which cannot be read: {why}") from None


def _convert(name: str, raw: str, default: object) -> object:
    parse: Callable[[str], object] = type(default)
    if isinstance(default, Path):
        parse = Path
    try:
        return parse(raw)
    except ValueError:
        raise SettingsError(f"{name} is {raw!r}; it wants a value like {default}") from None


def _check(settings: Settings) -> None:
    for name, low, high in _BOUNDS:
        value = getattr(settings, name)
        if not low <= value <= high:
            raise SettingsError(f"BLUEHEART_{name.upper()} is {value}; it must be from {low} to {high}")
    if settings.admin_token and len(settings.admin_token) < _ADMIN_TOKEN:
        raise SettingsError(
            f"BLUEHEART_ADMIN_TOKEN is shorter than {_ADMIN_TOKEN} characters: make it random"
        )
    if settings.report_to and not re.fullmatch(r"(?:mailto:|https://)[^\s\"'<>]+", settings.report_to):
        raise SettingsError(
            "BLUEHEART_REPORT_TO is not an address, as mailto:abuse@badges.example or https://badges.example/report"
        )
    if settings.public_url and not re.fullmatch(r"https?://[^/?#\s]+/?", settings.public_url):
        raise SettingsError(
            f"BLUEHEART_PUBLIC_URL is {settings.public_url!r}; it wants an origin, as https://badges.example"
        )


_ADMIN_TOKEN = 16
_BOUNDS = (
    ("port", 1, 65535),
    ("workers", 1, 256),
    ("memory_cache_bytes", 2**20, 2**36),
    ("cache_ttl_s", 60, 366 * 86400),
    ("render_queue", 1, 10_000),
    ("request_deadline_s", 0.1, 600.0),
    ("pledge_cost", 1, 1_000_000),
    ("pledge_attempts", 1, 65_536),
    ("open_campaigns", 0, 1),
    ("pledge_surge", 1, 10_000_000),
    ("stream_limit", 0, 100_000),
)
