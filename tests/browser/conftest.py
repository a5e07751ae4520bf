"""A browser, and another origin: small pages of somebody else, under the strictest policy."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserType, Page, sync_playwright

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A plain-HTTP origin that is not loopback: there browsers hide crypto.subtle.
    "--host-resolver-rules=MAP plain.test 127.0.0.1",
]
STYLE = """
body { margin: 16px; line-height: 1.5; font-family: system-ui, sans-serif; background: #fff; color: #0B1F33 }
@media (prefers-color-scheme: dark) { body { background: #0B1F33; color: #F2F8FC } }
blue-heart-pledge:not(:defined) { display: block; min-height: 100px }
blue-heart-badge:not(:defined) { display: inline-block; vertical-align: top; min-height: 44px }
"""


def policy(service: str) -> str:
    """Returns what our elements must live under; nothing else may ever be needed."""
    return (
        f"default-src 'none'; style-src 'self'; script-src {service}; connect-src {service}; "
        f"img-src {service}; require-trusted-types-for 'script'; trusted-types 'none'"
    )


@dataclass(slots=True)
class Elsewhere:
    """Somebody else's web site: pages by path, each answered under a policy."""

    origin: str
    pages: dict[str, tuple[str, str]] = field(default_factory=dict)

    def put(self, path: str, service: str, body: str, *, lang: str = "en", sandbox: bool = False) -> str:
        """Publishes a page with our script and this body; returns its address."""
        html = (
            f'<!doctype html><html lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}">'
            '<meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width"><title>Somebody else</title>'
            '<link rel="stylesheet" href="/style.css">'
            f'<script async src="{service}/widgets/v1/blue-heart.js"></script><body><main>{body}</main>'
        )
        self.pages[path] = (html, policy(service) + ("; sandbox allow-scripts" if sandbox else ""))
        return self.origin + path


@pytest.fixture
def there(served: Any) -> str:
    """Returns the origin of the real service."""
    return str(served.url)


@pytest.fixture(scope="session")
def elsewhere() -> Iterator[Elsewhere]:
    """Another origin than the service's, on a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body, csp = site.pages.get(self.path, ("", "default-src 'none'"))
            kind, text = (
                ("text/css", STYLE) if self.path == "/style.css" else ("text/html; charset=utf-8", body)
            )
            self.send_response(200 if text else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Security-Policy", csp)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site = Elsewhere(f"http://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield site
        server.shutdown()
        thread.join()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the browser's tests last: while Playwright is open, its loop runs here and no other can."""
    here = Path(__file__).parent
    items.sort(key=lambda item: here in item.path.parents)


def launch(kind: BrowserType, *flags: str) -> Browser:
    """Starts Debian's Chromium, or the one that this system has."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if (found := shutil.which(name))), None)
    assert path, "Chromium is needed; `make test` installs it"
    # In the locale C, Chromium calls every download with an accent in its name "download".
    environ: dict[str, str | float | bool] = {**os.environ, "LC_ALL": "C.UTF-8"}
    return kind.launch(executable_path=path, args=[*FLAGS, *flags], env=environ)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests."""
    with sync_playwright() as playwright:
        browser = launch(playwright.chromium)
        yield browser
        browser.close()


@dataclass(slots=True)
class Visit:
    """A page that is open in a fresh profile, and all that went wrong on it."""

    page: Page
    complaints: list[str]

    def until(self, script: str, expected: Any = True, seconds: float = 15) -> Any:
        """Waits until a script's value is as expected (`wait_for_function` would be eval, forbidden here)."""
        deadline = time.monotonic() + seconds
        tried = f"(() => {{ try {{ return {script} }} catch {{ return null }} }})()"
        while (seen := self.page.evaluate(tried)) != expected:
            assert time.monotonic() < deadline, f"{script} is {seen!r}, not {expected!r}"
            time.sleep(0.05)
        return seen

    def violations(self) -> list[str]:
        """Returns the policy's violations that the page has seen."""
        seen: list[str] = self.page.evaluate("window.violations")
        return seen


Visiting = Callable[..., Any]


@pytest.fixture
def visiting(chromium: Browser) -> Visiting:
    """Opens an address: `with visiting(url, **options of the browser's context) as visit:`."""

    @contextmanager
    def open_page(
        url: str, *, before: Callable[[Page], None] | None = None, **options: Any
    ) -> Iterator[Visit]:
        context = chromium.new_context(**{"viewport": {"width": 640, "height": 600}, **options})
        page = context.new_page()
        visit = Visit(page, [])
        page.on("console", lambda message: visit.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        page.add_init_script(
            "window.violations = []; addEventListener('securitypolicyviolation',"
            " (e) => violations.push(`${e.violatedDirective} ${e.blockedURI}`))"
        )
        if before:
            before(page)
        page.goto(url)
        try:
            yield visit
        finally:
            context.close()

    return open_page
