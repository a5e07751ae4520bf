"""What machines ask: health, the templates, the widgets' files; and what the log says of it all."""

import io
import json
import logging
from typing import Any

import httpx
import pytest

from badge.assets import asset_dir
from badge.telemetry import JsonLines


async def test_alive_and_ready(client: httpx.AsyncClient) -> None:
    for url in ("/healthz", "/readyz"):
        answer = await client.get(url)
        assert answer.status_code == 200
        assert answer.json() == {"status": "ok"}
        assert answer.headers["cache-control"] == "no-store"


async def test_metrics_tell_what_was_asked_and_nothing_of_who_asked(client: httpx.AsyncClient) -> None:
    for path in (
        "/badge/wear.svg?name=Secretname",
        "/badge/wear.svg?name=Secretname",
        "/Secretname",
        "/readyz",
    ):
        await client.get(path)
    answer = await client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert answer.headers["cache-control"] == "no-store"
    told = dict(line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#"))
    assert told['blueheart_requests_total{route="/{kind}/{file}",status="200"}'] == "2.0"
    assert told['blueheart_requests_total{route="other",status="404"}'] == "1.0"
    assert told['blueheart_cache_lookups_total{result="hit",tier="memory"}'] == "1.0"
    assert told['blueheart_render_seconds_count{format="svg"}'] == "1.0"
    assert told['blueheart_store_up{store="data"}'] == told['blueheart_store_up{store="cache"}'] == "1.0"
    assert float(told['blueheart_response_bytes_total{route="/{kind}/{file}"}']) > 1000
    assert float(told["blueheart_memory_cache_bytes"]) > 1000
    assert "Secretname" not in answer.text


async def test_templates_tell_their_fields(client: httpx.AsyncClient) -> None:
    answer = await client.get("/templates.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "name" in json.dumps(answer.json())
    again = await client.get("/templates.json", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


async def test_every_widget_file_is_served_as_it_is(client: httpx.AsyncClient) -> None:
    folder = asset_dir("widgets") / "v1"
    files = [path for path in folder.rglob("*") if path.suffix in (".js", ".json")]
    assert files
    for path in files:
        answer = await client.get(f"/widgets/v1/{path.relative_to(folder).as_posix()}")
        assert answer.content == path.read_bytes()
        wanted = "text/javascript; charset=utf-8" if path.suffix == ".js" else "application/json"
        assert answer.headers["content-type"] == wanted
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["x-content-type-options"] == "nosniff"
        again = await client.get(answer.request.url, headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304


@pytest.mark.parametrize(
    "path", ["../package.json", "..%2fpackage.json", "%2e%2e/lib/api.js", "/etc/passwd", ""]
)
async def test_no_path_leaves_the_widgets_folder(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(f"/widgets/v1/{path}")
    assert answer.status_code == 404


async def test_the_log_names_no_person_and_no_address(client: httpx.AsyncClient, service: Any) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    access, level = logging.getLogger("badge"), logging.getLogger("badge").level
    access.addHandler(handler)
    access.setLevel(logging.INFO)
    try:
        await client.get("/badge/wear.svg?name=Secretname")
        await client.get("/badge/Secretname.svg")
        await client.get("/api/v1/campaigns/Secretname")
        service.state["kit"] = None
        await client.get("/badge/wear.svg?name=Secretname")
        service.state["access"].write()  # as it does by itself a moment later
        assert service.state["metrics"].unexpected_errors.cell().value == 1
    finally:
        access.removeHandler(handler)
        access.setLevel(level)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert "Secretname" not in stream.getvalue()
    assert "127.0.0.1" not in stream.getvalue()
    requests = [line for line in lines if line["say"] == "request"]
    assert [line["status"] for line in requests] == [200, 404, 404, 500]
    assert requests[0]["drew"] == "badge/wear.svg"
    assert requests[0]["route"] == "/{kind}/{file}"
    (broken,) = [line for line in lines if line["level"] == "error"]
    assert broken["error"] == "AttributeError"
    assert any("badge/web/images.py" in frame for frame in broken["frames"])
    assert broken["request"] == requests[-1]["request"]
