"""`blueheart sign` adds the signature that a service with BLUEHEART_URL_KEYS asks for."""

import argparse
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from badge.cli.command import Commands
from badge.settings import SettingsError, read_settings

if TYPE_CHECKING:
    from badge.catalogue import PictureRequest


def add(commands: Commands) -> None:
    """Describes the subcommand."""
    sign = commands.add_parser(
        "sign",
        help="sign a picture's URL",
        description="Prints the URL with sig=, by the first key of BLUEHEART_URL_KEYS.",
        epilog="example: blueheart sign 'https://badges.example/badge/wear.svg?name=Zoë'",
    )
    sign.add_argument("url", help="the picture's URL, or kind/template.ext?fields")
    sign.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Prints the signed URL."""
    from badge.assets import asset_dir
    from badge.catalogue import Catalogue
    from badge.catalogue.signature import Signatures

    signatures = Signatures.read(read_settings().url_keys)
    if signatures is None:
        raise SettingsError("BLUEHEART_URL_KEYS is empty; put a key there, as openssl rand -hex 32 makes it")
    parts = urlsplit(arguments.url)
    origin = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
    path = "/" + parts.path.lstrip("/")
    asked = Catalogue.load(asset_dir("svg_templates")).parse(path, parts.query.encode())
    query = [part for part in (asked.spec.canonical.partition("?")[2], *_delivery(asked)) if part]
    signature = signatures.sign(asked.spec.canonical)
    print(f"{origin}{path}?{'&'.join([*query, f'sig={signature}'])}")


def _delivery(asked: "PictureRequest") -> list[str]:
    """Returns what the signature does not cover: how the picture is handed over."""
    download = ["download=1"] if asked.download else []
    return download if asked.maxage_s is None else [*download, f"maxage={asked.maxage_s}"]
