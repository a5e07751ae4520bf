"""The wheel carries all that the service needs, and works where no checkout is."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# What is not Python and must be in the wheel: every such file under these folders of the checkout.
CARRIED = {"badge": "badge", "svg_templates": "badge/svg_templates", "widgets/v1": "badge/widgets/v1"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check", "--quiet"]
    command = [sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return next(folder.glob("blue_heart-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs Python on the wheel's files and not on the checkout's, which the environment would find later."""
    environ = os.environ | {"PYTHONPATH": str(installed)}
    return subprocess.run(
        [sys.executable, *arguments], cwd=installed, env=environ, capture_output=True, text=True, timeout=60
    )


def test_the_wheel_carries_every_file_of_the_package(wheel: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", *CARRIED], cwd=ROOT, capture_output=True, text=True, check=True
    )
    held = set(zipfile.ZipFile(wheel).namelist())
    for line in listed.stdout.splitlines():
        source = next(folder for folder in CARRIED if line.startswith(f"{folder}/"))
        if (ROOT / line).exists() and not line.endswith(".gitkeep"):
            assert CARRIED[source] + line.removeprefix(source) in held


def test_the_wheel_carries_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    strange = [name for name in names if not name.startswith(("badge/", "blue_heart-"))]
    assert strange == []
    assert not [name for name in names if "node_modules" in name or "__pycache__" in name]


def test_the_installed_command_draws_without_a_checkout(installed: Path) -> None:
    where = run(
        installed, "-c", "import badge, badge.assets as a; print(badge.__file__, a.asset_dir('widgets'))"
    )
    assert where.stdout.count(str(installed)) == 2, where.stderr
    drawn = run(installed, "-m", "badge", "render", "badge/wear.svg?name=Zoë", "-o", "-")
    assert drawn.returncode == 0, drawn.stderr
    assert drawn.stdout.startswith("<svg")
    assert "Zoë" in drawn.stdout


def test_the_installed_application_has_its_pages_scripts_and_widgets(installed: Path) -> None:
    code = (
        "from badge.app import create_app; from badge.settings import Settings; "
        "from badge.store import open_stores; create_app(Settings()); print('open')"
    )
    done = run(installed, "-c", code)
    assert done.stdout == "open\n", done.stderr
