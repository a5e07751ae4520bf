"""`make serve` on machines that lack something: what is installed, or the exact command that is shown."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ("cat", "cksum", "dirname", "env", "grep", "mkdir", "rm", "sh", "tail")
FILES = (
    ".ci/setup",
    "pyproject.toml",
    "requirements.lock",
    "requirements-dev.lock",
    "widgets/package-lock.json",
)
# A Python of Debian without python3-venv; it notes each `-m venv` and makes nothing.
BARE_PYTHON = """#!/bin/sh
case "$*" in
  *ensurepip*) [ -e "$HERE/venv-installed" ] ;;
  *print*) echo 3.11 ;;
  *"-m venv"*) echo "$@" >>"$HERE/python.log"; exit 3 ;;
  *--version*) echo Python 3.11.2 ;;
esac
"""
OLD_PYTHON = "#!/bin/sh\nexit 1\n"
# An apt-get whose lists are stale until `update`.
APT_GET = """#!/bin/sh
echo "$@" >>"$HERE/apt.log"
case "$*" in
  *venv*) [ -e "$HERE/updated" ] && : >"$HERE/venv-installed" ;;
  *update*) : >"$HERE/updated" ;;
esac
"""


class Machine:
    """A folder with a space, and a PATH on which only what is put there exists."""

    def __init__(self, folder: Path, uid: int) -> None:
        self.folder = folder
        self.checkout = folder / "a folder"
        self.bin = folder / "bin"
        self.bin.mkdir()
        for tool in TOOLS:
            found = shutil.which(tool)
            assert found is not None
            (self.bin / tool).symlink_to(found)
        self.put("id", f"#!/bin/sh\necho {uid}\n")
        for name in FILES:
            (self.checkout / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.checkout / name)

    def put(self, name: str, script: str) -> None:
        (self.bin / name).write_text(script)
        (self.bin / name).chmod(0o755)

    def set_up(self) -> subprocess.CompletedProcess[str]:
        environ = {"PATH": str(self.bin), "LC_ALL": "C", "HERE": str(self.folder), "HOME": str(self.folder)}
        command = [str(self.bin / "sh"), ".ci/setup", "serve"]
        return subprocess.run(
            command, cwd=self.checkout, env=environ, capture_output=True, text=True, timeout=30, check=False
        )

    def log(self, name: str) -> list[str]:
        path = self.folder / f"{name}.log"
        return path.read_text().splitlines() if path.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path, uid=1000)


@pytest.mark.parametrize("python", [None, OLD_PYTHON])
def test_without_a_fitting_python_it_says_what_to_install(machine: Machine, python: str | None) -> None:
    if python:
        machine.put("python3", python)
    done = machine.set_up()
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed" in done.stderr
    assert "sudo apt-get install -y python3 python3-venv" in done.stderr


def test_without_root_it_shows_the_exact_command(machine: Machine) -> None:
    machine.put("python3", BARE_PYTHON)
    machine.put("apt-get", APT_GET)
    done = machine.set_up()
    assert done.returncode == 1
    assert "sudo apt-get install -y --no-install-recommends python3.11-venv" in done.stderr
    assert machine.log("apt") == []


def test_as_root_it_installs_and_asks_for_fresh_lists_when_it_must(tmp_path: Path) -> None:
    machine = Machine(tmp_path, uid=0)
    machine.put("python3", BARE_PYTHON)
    machine.put("apt-get", APT_GET)
    done = machine.set_up()
    install = "install -y --no-install-recommends python3.11-venv"
    assert machine.log("apt") == [install, "update", install]
    assert f"apt-get {install}" in done.stdout
    assert machine.log("python") == ["-m venv .venv"]


def test_a_system_without_a_known_package_manager_is_told_what_is_missing(machine: Machine) -> None:
    machine.put("python3", BARE_PYTHON)
    done = machine.set_up()
    assert done.returncode == 1
    assert "Python's venv module is missing" in done.stderr


def test_a_second_run_does_nothing(machine: Machine) -> None:
    venv = machine.checkout / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin/python").symlink_to(machine.bin / "python3")
    (venv / "bin/pip").touch()
    machine.put("python3", '#!/bin/sh\ncase "$*" in *"-m pip"*) echo "$@" >>"$HERE/python.log" ;; esac\n')
    first = machine.set_up()
    assert first.returncode == 0, first.stderr
    assert len(machine.log("python")) == 2
    assert "--require-hashes -r requirements.lock" in machine.log("python")[0]
    second = machine.set_up()
    assert (second.returncode, second.stdout, len(machine.log("python"))) == (0, "", 2)
    (machine.checkout / "requirements.lock").write_text("# changed\n")
    machine.set_up()
    assert len(machine.log("python")) == 4


def test_the_scripts_are_executable_and_need_no_bash() -> None:
    assert os.access(ROOT / ".ci/run", os.X_OK)
    assert (ROOT / ".ci/setup").read_text().startswith("#!/bin/sh\n")
    assert subprocess.run(["sh", "-n", str(ROOT / ".ci/setup")], check=False).returncode == 0
