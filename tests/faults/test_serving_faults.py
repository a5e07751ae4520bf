"""What the running service promises about pictures when its cache, its workers or its clients misbehave."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from redis.asyncio import Redis

CACHE_ERRORS = 'blueheart_store_errors_total{store="cache"}'
FREE = {"miss_limit": "off", "log_level": "warning"}


def number(served: Any, series: str) -> float:
    """Returns one number of /metrics, summed over all workers."""
    text = httpx.get(f"{served.url}/metrics", timeout=5).text
    found = [line.rpartition(" ")[2] for line in text.splitlines() if line.startswith(series + " ")]
    return float(found[0]) if found else 0.0


def drawn(served: Any, format_: str = "png") -> float:
    return number(served, f'blueheart_render_seconds_count{{format="{format_}"}}')


async def ask_all(port: int, paths: list[str]) -> set[bytes]:
    """Asks for paths one after the other on one connection of its own; returns the status lines."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    seen: set[bytes] = set()
    for path in paths:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: test\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        await reader.readexactly(length)
        seen.add(head.split(b"\r\n")[0])
    writer.close()
    return seen


async def test_four_workers_draw_twenty_pictures_once_each_for_8000_requests(
    serve: Callable[..., Any],
) -> None:
    served = serve("--workers", "4", **FREE).wait_ready()
    urls = [f"/badge/wear.png?name=Once+{i}" for i in range(20)]
    visits = [[url for _ in range(5) for url in random.sample(urls, 20)] for _ in range(80)]
    assert sum(map(len, visits)) == 8000
    answers = await asyncio.gather(*(ask_all(served.port, visit) for visit in visits))
    assert set().union(*answers) == {b"HTTP/1.1 200 OK"}
    assert (drawn(served), number(served, CACHE_ERRORS)) == (20, 0)


async def test_two_replicas_draw_a_picture_once_however_often_it_leaves_their_memories(
    serve: Callable[..., Any],
) -> None:
    first = serve(memory_cache_bytes=str(2**20), **FREE).wait_ready()
    at = first.store.endpoints
    second = serve(memory_cache_bytes=str(2**20), redis_url=at.data, cache_url=at.cache, **FREE).wait_ready()
    urls = [f"/card/supporter.jpg?name=Twice+{i}" for i in range(40)]  # twice what a memory holds
    for _ in range(3):
        visits = [random.sample(urls, len(urls)) for _ in range(6)]
        asked = [ask_all((first, second)[n % 2].port, visit) for n, visit in enumerate(visits)]
        assert set().union(*await asyncio.gather(*asked)) == {b"HTTP/1.1 200 OK"}
    assert [number(served, CACHE_ERRORS) for served in (first, second)] == [0, 0]
    assert drawn(first, "jpg") + drawn(second, "jpg") == len(urls)
    found = 'blueheart_cache_lookups_total{result="hit",tier="store"}'
    assert number(first, found) + number(second, found) > len(urls)


async def test_a_restart_of_all_workers_draws_nothing_anew(serve: Callable[..., Any]) -> None:
    served = serve("--workers", "2", **FREE).wait_ready()
    urls = [f"/badge/wear.png?name=Kept+{i}" for i in range(10)]
    await ask_all(served.port, urls)
    before = served.workers()
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    served.until(lambda: len(served.workers()) == 2 and not set(before) & set(served.workers()))
    served.wait_ready()
    for _ in range(4):
        assert await ask_all(served.port, urls) == {b"HTTP/1.1 200 OK"}
    assert drawn(served) == 10


async def test_a_worker_killed_while_it_draws_is_replaced_and_every_picture_comes(
    serve: Callable[..., Any],
) -> None:
    # A busy machine may need longer for these large ones; that is another promise.
    served = serve("--workers", "2", request_deadline_s="60", **FREE).wait_ready()
    urls = [f"/card/supporter.png?name=Mid+draw+{i}&size=story&scale=2" for i in range(8)]

    async def insist(url: str) -> int:
        """Asks as a browser does that is reloaded until it shows the picture."""
        for _ in range(50):
            try:
                async with httpx.AsyncClient(timeout=60) as client:
                    answer = await client.get(served.url + url)
            except httpx.TransportError:
                await asyncio.sleep(0.1)
                continue
            return answer.status_code
        return 0

    asked = [asyncio.create_task(insist(url)) for url in urls for _ in range(3)]
    await asyncio.sleep(0.4)
    os.kill(random.choice(served.workers()), signal.SIGKILL)
    assert set(await asyncio.gather(*asked)) == {200}


async def test_pictures_keep_coming_when_the_cache_is_full(serve: Callable[..., Any]) -> None:
    served = serve(**FREE).wait_ready()
    urls = [f"/badge/wear.png?name=No+room+{i}" for i in range(10)]
    await ask_all(served.port, urls[:1])
    cache = Redis.from_url(served.store.endpoints.cache, protocol=2)
    await cache.config_set("maxmemory-policy", "noeviction")
    await cache.config_set("maxmemory", 1)
    await cache.aclose()
    assert await ask_all(served.port, urls) == {b"HTTP/1.1 200 OK"}
    assert number(served, CACHE_ERRORS) > 0


@asynccontextmanager
async def slow_door(to: Path, at: Path, delay_s: float) -> AsyncIterator[str]:
    """Forwards a socket to another one, whose every answer comes late; yields its URL."""

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, wait_s: float) -> None:
        try:
            while data := await reader.read(65536):
                await asyncio.sleep(wait_s)
                writer.write(data)
        except ConnectionError:
            pass
        finally:
            writer.close()

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(to)
        await asyncio.gather(pump(reader, back, 0), pump(there, writer, delay_s))

    async with await asyncio.start_unix_server(forward, at):
        yield f"unix://{at}"


async def test_pictures_keep_coming_when_the_cache_takes_500_ms(serve: Callable[..., Any]) -> None:
    quick = serve(**FREE).wait_ready()
    store = Path(quick.store.endpoints.cache.removeprefix("unix://"))
    async with slow_door(store, quick.data_dir / "slow.sock", 0.5) as url:
        served = serve(cache_url=url, **FREE)
        await asyncio.to_thread(served.wait_ready)
        urls = [f"/badge/wear.svg?name=Slow+cache+{i}" for i in range(60)]
        async with asyncio.timeout(15):  # one wait of 500 ms for each would be 30 s and more
            assert await ask_all(served.port, urls) == {b"HTTP/1.1 200 OK"}
        errors = await asyncio.to_thread(number, served, CACHE_ERRORS)
        assert errors > 0


async def test_a_full_queue_is_503_at_once_and_stops_neither_vectors_nor_what_is_kept(
    serve: Callable[..., Any],
) -> None:
    served = serve("--workers", "1", render_queue="1", **FREE).wait_ready()
    kept = "/badge/wear.png?name=Kept"
    async with httpx.AsyncClient(base_url=served.url, timeout=20) as client:
        assert (await client.get(kept)).status_code == 200
        urls = [f"/card/supporter.png?name=Queue+{i}&size=story&scale=2" for i in range(12)]
        asked = [asyncio.create_task(client.get(url)) for url in urls]
        done, _ = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        assert {task.result().status_code for task in done} == {503}
        for url in (kept, "/badge/wear.svg?name=Drawn+at+once"):
            assert (await client.get(url)).status_code == 200
        answers = await asyncio.gather(*asked)
        refused = [answer for answer in answers if answer.status_code == 503]
        assert {answer.status_code for answer in answers} == {200, 503}
        assert {answer.headers["retry-after"] for answer in refused} == {"1"}
        assert {answer.headers["cache-control"] for answer in refused} == {"no-store"}
        assert number(served, "blueheart_render_refusals_total") == len(refused) == 10
        assert (await client.get(urls[-1])).status_code == 200


async def test_who_sends_one_byte_a_second_holds_up_nobody_and_is_cut_off(serve: Callable[..., Any]) -> None:
    served = serve("--workers", "1", request_deadline_s="1", **FREE).wait_ready()

    async def dribble(sent: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
        answer = asyncio.create_task(reader.read())
        for at in range(len(sent)):
            writer.write(sent[at : at + 1])
            if (await asyncio.wait([answer], timeout=1.0))[0]:
                break
        writer.close()
        return await answer

    head = b"GET /badge/wear.svg?name=Slow HTTP/1.1\r\nHost: test\r\n\r\n"
    form = b"POST /pledge HTTP/1.1\r\nHost: t\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    slow = [asyncio.create_task(dribble(head)) for _ in range(40)]
    reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
    writer.write(form + b"Content-Length: 40\r\n\r\na")
    for _ in range(20):
        assert await ask_all(served.port, ["/badge/wear.svg?name=Quick"]) == {b"HTTP/1.1 200 OK"}
    assert (await asyncio.wait_for(reader.read(12), 10)) == b"HTTP/1.1 503"
    writer.close()
    assert set(await asyncio.wait_for(asyncio.gather(*slow), 20)) == {b""}


async def test_what_a_visitor_who_left_asked_for_is_drawn_once_and_kept(serve: Callable[..., Any]) -> None:
    served = serve("--workers", "1", **FREE).wait_ready()
    url = "/card/supporter.png?name=Left&size=story&scale=2"
    for _ in range(5):
        _, writer = await asyncio.open_connection("127.0.0.1", served.port)
        writer.write(f"GET {url} HTTP/1.1\r\nHost: test\r\n\r\n".encode())
        await writer.drain()
        await asyncio.sleep(0.02)
        writer.transport.abort()
    served.until(lambda: drawn(served) == 1)
    async with httpx.AsyncClient(base_url=served.url, timeout=20) as client:
        answer = await client.get(url)
    assert (answer.status_code, answer.headers["blue-heart-cache"]) == (200, "memory")
    assert drawn(served) == 1
    assert number(served, "blueheart_render_queue") == 0


def command(served: Any, *arguments: str) -> str:
    """Runs `blueheart` beside a running service, as an operator does."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith("BLUEHEART_")}
    environ["BLUEHEART_DATA_DIR"] = str(served.data_dir)
    program = Path(sys.executable).with_name("blueheart")
    done = subprocess.run([program, *arguments], env=environ, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


async def test_purge_block_and_unblock_reach_every_worker_of_a_running_service(
    serve: Callable[..., Any],
) -> None:
    served = serve("--workers", "2", **FREE).wait_ready()
    url = "/badge/wear.svg?name=Zo%C3%AB"

    def statuses() -> set[int]:
        """From connections of their own, so that each worker has its say."""
        return {httpx.get(served.url + url).status_code for _ in range(12)}

    assert statuses() == {200}
    assert drawn(served, "svg") == 1
    assert "1 pictures deleted" in command(served, "purge", "picture", f"https://any.example{url}&theme=dark")
    served.until(lambda: statuses() == {200} and drawn(served, "svg") == 2)

    assert "blocked word zoe" in command(served, "block", "word", "zoe")
    served.until(lambda: statuses() == {422})
    assert "word  zoe  since" in command(served, "block", "list")
    for pid in served.workers():
        os.kill(pid, signal.SIGKILL)
    served.until(lambda: len(served.workers()) == 2)
    served.wait_ready()
    assert statuses() == {422}
    command(served, "unblock", "word", "zoe")
    command(served, "block", "picture", url)
    served.until(lambda: statuses() == {451})
    command(served, "purge", "all")
    assert statuses() == {451}
