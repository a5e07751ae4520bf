"""docker-compose.yml is well formed, hardened, and agrees with the code."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from badge.settings import read_settings
from badge.store.address import Address
from badge.store.child import OPTIONS

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
NODES = [f"node-{number}" for number in range(1, 7)]


def options(words: list[str]) -> dict[str, str]:
    pairs = [str(word) for word in words if word != "valkey-server"]
    return dict(zip(pairs[::2], pairs[1::2], strict=True))


def test_docker_itself_reads_the_file_where_docker_is() -> None:
    docker = shutil.which("docker")
    has_compose = (
        docker and subprocess.run([docker, "compose", "version"], capture_output=True).returncode == 0
    )
    if docker and has_compose:
        done = subprocess.run(
            [docker, "compose", "config", "--quiet"], cwd=ROOT, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
    assert {name for name, said in SERVICES.items() if "profiles" not in said} == {
        *("proxy", "app", "data", "cache")
    }
    assert {name for name, said in SERVICES.items() if said.get("profiles") == ["cluster"]} == {
        *("cluster", *NODES)
    }


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_hardened_bounded_and_watched(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["healthcheck"]["test"][0] == "CMD"
    assert {"cpus", "memory", "pids"} <= set(service["deploy"]["resources"]["limits"])
    user = service.get("user") or re.findall(r"^USER (\w+)$", DOCKERFILE, re.MULTILINE)[-1]
    assert user.partition(":")[0] not in ("0", "root")


@pytest.mark.parametrize("name", ["data", "cache", *NODES])
def test_a_store_runs_as_our_own_does(name: str) -> None:
    asked = options(SERVICES[name]["command"])
    for option, value in options(list(OPTIONS["cache" if name == "cache" else "data"])).items():
        assert asked[option] == value
    assert asked["--maxmemory"].endswith("mb")
    assert int(asked["--maxmemory"].removesuffix("mb")) < memory_mb(name)


def memory_mb(name: str) -> int:
    limit = SERVICES[name]["deploy"]["resources"]["limits"]["memory"]
    return int(limit[:-1]) * {"M": 1, "G": 1024}[limit[-1]]


def test_only_pledges_are_kept_and_they_are() -> None:
    assert SERVICES["data"]["volumes"] == ["pledges:/data"]
    assert [SERVICES[node]["volumes"] for node in NODES] == [[f"{node}:/data"] for node in NODES]
    assert set(COMPOSE["volumes"]) == {"pledges", *NODES}
    assert "volumes" not in SERVICES["cache"]
    assert options(SERVICES["cache"]["command"])["--appendonly"] == "no"


def test_the_apps_settings_are_settings() -> None:
    said = {name: str(value) for name, value in SERVICES["app"]["environment"].items()}
    said["BLUEHEART_PUBLIC_URL"] = "https://badges.example"
    said["BLUEHEART_WORKERS"] = "1"
    settings = read_settings(said)
    assert settings.redis_url != settings.cache_url


def test_stores_are_reached_by_our_own_containers_alone() -> None:
    assert COMPOSE["networks"]["back"] == {"internal": True}
    for name in set(SERVICES) - {"proxy"}:
        assert SERVICES[name]["networks"] == ["back"]
        assert "ports" not in SERVICES[name]


def test_the_cluster_is_made_of_the_nodes_that_there_are() -> None:
    shell, script, *nodes = SERVICES["cluster"]["command"]
    assert (shell, nodes) == ("sh", [f"{node}:6379" for node in NODES])
    source, target, mode = SERVICES["cluster"]["volumes"][0].split(":")
    assert (target, mode) == (script, "ro")
    assert (ROOT / source).is_file()
    [url] = re.findall(r"BLUEHEART_REDIS_URL=(redis\+cluster\S+)", (ROOT / "docker-compose.yml").read_text())
    assert {host for host, _ in Address.read("", url).nodes} <= set(NODES)


def test_the_proxy_logs_no_request() -> None:
    config = (ROOT / "docs/nginx.conf").read_text("utf-8")
    assert re.findall(r"^\s*access_log (.+);", config, re.MULTILINE) == ["off"]
    assert re.findall(r"^\s*error_log (.+);", config, re.MULTILINE) == ["/dev/stderr emerg"]


def test_the_image_runs_without_root_and_checks_its_health() -> None:
    final = DOCKERFILE.rpartition("\nFROM ")[2]
    assert DOCKERFILE.count("\nFROM ") == 2
    assert re.search(r"^USER blueheart$", final, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK .*?/healthz", final, re.MULTILINE | re.DOTALL)
    assert re.search(r"^EXPOSE 8000$", final, re.MULTILINE)
    assert "libcairo2" in final
    assert "--require-hashes" in DOCKERFILE


def test_the_builder_gets_all_that_the_image_copies() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = re.findall(r"^COPY (?!--)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    names = {name for words in copied for name in words.split()}
    assert names <= allowed
    assert all((ROOT / name).exists() for name in names)
