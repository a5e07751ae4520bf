"""docs/settings.md lists every setting, with the default that the code has, and no other."""

import re
from pathlib import Path

import pytest

from badge.settings import Settings, SettingsError, read_settings

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| `(BLUEHEART_\w+)` \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
# What is empty or differs by machine is told in words.
IN_WORDS = {
    "BLUEHEART_PUBLIC_URL",
    "BLUEHEART_DATA_DIR",
    "BLUEHEART_REDIS_URL",
    "BLUEHEART_CACHE_URL",
    "BLUEHEART_ADMIN_TOKEN",
    "BLUEHEART_REPORT_TO",
    "BLUEHEART_ARCHIVE_DIR",
    "BLUEHEART_ARCHIVE_ENDPOINT",
    "BLUEHEART_ARCHIVE_REGION",
    "BLUEHEART_ARCHIVE_KEY_ID",
    "BLUEHEART_ARCHIVE_SECRET",
    "BLUEHEART_LOG_KEY",
    "BLUEHEART_URL_KEYS",
    "BLUEHEART_TRUSTED_PROXIES",
    "BLUEHEART_FONT_DIRS",
}


def rows() -> dict[str, str]:
    return {name: default for name, default, _ in ROW.findall((ROOT / "docs/settings.md").read_text("utf-8"))}


def test_every_setting_is_documented_and_nothing_else_is() -> None:
    assert sorted(rows()) == sorted(name for name, _, _ in Settings.table())


def test_documented_defaults_are_those_of_the_code() -> None:
    told = {name: default for name, default in rows().items() if name not in IN_WORDS}
    assert told == {name: default for name, default, _ in Settings.table() if name not in IN_WORDS}


def test_settings_named_in_other_documents_exist() -> None:
    known = {name for name, _, _ in Settings.table()}
    files = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "docker-compose.yml", ROOT / "Dockerfile"]
    for file in files:
        for name in re.findall(r"BLUEHEART_[A-Z_]*[A-Z]", file.read_text("utf-8")):
            assert name.removesuffix("_FILE") in known, f"{file.name} names {name}"


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "redis").write_text("redis://:secret@data:6379/0\n")
    settings = read_settings({"BLUEHEART_REDIS_URL_FILE": str(tmp_path / "redis")})
    assert settings.redis_url == "redis://:secret@data:6379/0"
    assert "secret" not in repr(settings)


def test_a_file_that_cannot_be_read_and_a_secret_given_twice_are_refused(tmp_path: Path) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    for path, why in ((tmp_path / "none", "No such file"), (tmp_path / "bytes", "no text")):
        with pytest.raises(SettingsError, match=f"BLUEHEART_CACHE_URL_FILE names .* {why}"):
            read_settings({"BLUEHEART_CACHE_URL_FILE": str(path)})
    (tmp_path / "url").write_text("redis://h")
    twice = {"BLUEHEART_REDIS_URL": "redis://:hunter2@h", "BLUEHEART_REDIS_URL_FILE": str(tmp_path / "url")}
    with pytest.raises(SettingsError, match="both set") as caught:
        read_settings(twice)
    assert "hunter2" not in str(caught.value)
