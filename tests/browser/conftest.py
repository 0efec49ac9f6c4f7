"""The dashboard, driven in a real Chromium.

``open_page("inspect_model?model=resnet18")`` gives a page that has finished drawing, and
``wait_until_idle()`` waits for it after a click. A test fails when Chromium's console shows an
error or the page an exception, whatever else it looks at.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, Protocol

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

Scheme = Literal["light", "dark"]
ROOT = Path(__file__).parents[2]
COMMANDS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MISSING = (
    "Chromium is missing: install it (apt-get install chromium, say) or name one in CONVSCOPE_CHROMIUM "
    "to run the browser tests"
)
START_TIMEOUT_S = 120
DRAW_TIMEOUT_MS = 60_000
expect.set_options(timeout=20_000)  # the default of 5 s is short where two dashboards share a busy machine
# Opened at /compare, Streamlit's frontend first asks there which server it belongs to, then one level up.
SEARCH_FOR_THE_SERVER = re.compile(r"^https?://[^/]+/.+/_stcore/(health|host-config)$")
IDLE = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  return app !== null
    && app.dataset.testConnectionState === 'CONNECTED'
    && app.dataset.testScriptState === 'notRunning'
    && document.querySelector('[data-testid="stSkeleton"], [data-stale="true"]') === null;
}"""


class OpenPage(Protocol):
    """Open a path of the dashboard at a width in pixels, light or dark, and wait until it is drawn."""

    def __call__(self, path: str = "", *, width: int = 1400, scheme: Scheme = "light") -> Page: ...


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium; without one the tests are skipped, or fail under CONVSCOPE_REQUIRE_BROWSER=1."""
    found = os.environ.get("CONVSCOPE_CHROMIUM") or next(filter(None, map(shutil.which, COMMANDS)), None)
    if found is None:
        if os.environ.get("CONVSCOPE_REQUIRE_BROWSER") == "1":
            pytest.fail(MISSING, pytrace=False)
        pytest.skip(MISSING)
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium for the session; each test has a profile of its own in it."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield launched
        launched.close()


@contextmanager
def started_dashboard(log: Path) -> Iterator[str]:
    """The address of a dashboard of its own, with a slash at its end, as long as the block lasts."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    command += ["--server.address=localhost", "--server.headless=true", "--server.fileWatcherType=none"]
    with log.open("w") as output, subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output) as server:
        try:
            _wait_for_server(f"http://localhost:{port}/_stcore/health", server, log)
            yield f"http://localhost:{port}/"
        finally:
            server.terminate()


@pytest.fixture(scope="session")
def app_url(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the dashboard that all tests of the session share."""
    with started_dashboard(tmp_path_factory.mktemp("dashboard") / "server.log") as url:
        yield url


@pytest.fixture
def fresh_app_url(chromium: str, tmp_path: Path) -> Iterator[str]:
    """The address of a dashboard that nobody has visited yet."""
    with started_dashboard(tmp_path / "server.log") as url:
        yield url


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A blank page that fails its test in the end when the console or the page itself showed an error."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, accept_downloads=True)
    opened = context.new_page()
    errors: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        url = message.location.get("url", "")
        if message.type == "error" and not SEARCH_FOR_THE_SERVER.match(url):
            errors.append(f"{message.text} ({url})")

    opened.on("console", on_console)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    errors += opened.locator('[data-testid="stException"]').all_inner_texts()
    context.close()
    assert errors == []


@pytest.fixture
def wait_until_idle(page: Page) -> Callable[[], None]:
    """Wait until the page's script has run to its end and nothing on the page is out of date."""

    def wait() -> None:
        page.wait_for_timeout(150)  # a click reaches the server, and its rerun begins, only after a moment
        page.wait_for_function(IDLE, timeout=DRAW_TIMEOUT_MS)

    return wait


@pytest.fixture
def open_page(app_url: str, page: Page, wait_until_idle: Callable[[], None]) -> OpenPage:
    """A function that opens a path such as "inspect_model?model=resnet18" and returns the drawn page."""

    def open_drawn(path: str = "", *, width: int = 1400, scheme: Scheme = "light") -> Page:
        page.set_viewport_size({"width": width, "height": 1000})
        page.emulate_media(color_scheme=scheme)
        page.goto(app_url + path.lstrip("/"), wait_until="load")
        wait_until_idle()
        return page

    return open_drawn


def _wait_for_server(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    give_up = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < give_up and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.1)
    pytest.fail(f"The dashboard did not start:\n{log.read_text()[-2000:]}", pytrace=False)
