"""Where the files that are not Python live: beside the package in a wheel, beside the checkout otherwise."""

from pathlib import Path

PACKAGE_DIR = Path(__file__).resolve().parent


def asset_dir(name: str) -> Path:
    """Returns the folder `svg_templates` or `widgets`, from the wheel or from the checkout.

    Raises FileNotFoundError where the installation lacks it.
    """
    for folder in (PACKAGE_DIR / name, PACKAGE_DIR.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"{name}/ is neither in {PACKAGE_DIR} nor beside it: reinstall blue-heart")
