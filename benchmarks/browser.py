"""What a visitor waits for, measured in a real Chromium: the start, and a change of model on Inspect.

Run from the repository: ``python benchmarks/browser.py [--changes 40] [--seed 0]``. It starts its own server and
prints two tables. Start-up runs from the start of the server's process to the first chart, beside
a bare import of the same libraries. A change runs from the click on a model's name to the first
frame with the new number in the headlines, and to the last change of the page's content (its charts
included) before it came to rest.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import models  # noqa: E402 - the script runs from anywhere
from analysis import analyze  # noqa: E402

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
IMPORTS = "import streamlit, torch, torchvision"
FIRST_CHART = ".js-plotly-plot .main-svg"
REST_MS = 600

# Notes the time of the click on an option, of the first frame with the awaited text, of the last change.
WATCH = """() => {
  const seen = window.seen = {awaited: null};
  document.addEventListener('click', event => {
    if (event.target.closest('[role="option"]') && seen.clicked === undefined) seen.clicked = performance.now();
  }, true);
  const main = document.querySelector('[data-testid="stMain"]');
  new MutationObserver(() => {
    if (seen.clicked === undefined) return;
    requestAnimationFrame(() => { seen.last = performance.now(); });
    if (seen.headline === undefined && main.innerText.includes(seen.awaited))
      requestAnimationFrame(() => { seen.headline ??= performance.now(); });
  }).observe(main, {childList: true, subtree: true, characterData: true, attributes: true});
}"""
AT_REST = f"() => window.seen.headline !== undefined && performance.now() - window.seen.last > {REST_MS}"


@dataclass(frozen=True, slots=True)
class Change:
    """One change of model: its name, and the milliseconds to the headline and to the last drawing."""

    name: str
    headline_ms: float
    drawn_ms: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--changes", type=int, default=40, help="how many changes of model (default 40)")
    parser.add_argument("--seed", type=int, default=0, help="of the random order of the models (default 0)")
    parser.add_argument("--starts", type=int, default=3, help="how many starts (default 3)")
    options = parser.parse_args()
    chromium = (
        os.environ.get("CONVSCOPE_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    )
    if chromium is None:
        sys.exit(
            "Chromium is missing: install it (apt-get install chromium, say) or name it in CONVSCOPE_CHROMIUM"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        print_starts([(import_seconds(), start_seconds(browser)) for _ in range(options.starts)])
        with server() as url:
            print_changes(measure_changes(browser, url, options.changes, options.seed))
        browser.close()


def import_seconds() -> float:
    """Seconds that a bare Python takes to import Streamlit, torch and torchvision."""
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", IMPORTS], check=True, cwd=ROOT)
    return time.perf_counter() - begin


def start_seconds(browser: Browser) -> float:
    """Seconds from the start of the server's process to the first chart of the first page."""
    begin = time.perf_counter()
    with server() as url:
        page = browser.new_page()
        page.goto(url)
        page.wait_for_selector(FIRST_CHART, timeout=60_000)
        seconds = time.perf_counter() - begin
        page.close()
    return seconds


def measure_changes(browser: Browser, url: str, count: int, seed: int) -> list[Change]:
    """Change the model ``count`` times at random, each time to one that the page did not just show."""
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    for path in ("", "inspect_model?model=alexnet"):
        page.goto(url + path)
        page.wait_for_selector(FIRST_CHART, timeout=60_000)
    page.wait_for_timeout(4000)  # the server imports torch in the background while a visitor looks around
    order = random.Random(seed)
    names = [name for name in models.names() if name != "alexnet"]
    chosen = [order.choice(names) for _ in range(count)]
    change(page, "resnet18")  # the first change loads code that every later one finds loaded
    return [
        change(page, name)
        for before, name in zip(["resnet18", *chosen], chosen, strict=False)
        if name != before
    ]


def change(page: Page, name: str) -> Change:
    """Choose a model as a visitor does, by typing its name and clicking on it."""
    card = models.card(name)
    size = card.input_shape[-1]
    report = analyze(models.build(name, size), card.input_shape, name=name)
    page.evaluate(WATCH)
    page.evaluate("text => { window.seen.awaited = text }", f"{report.totals.macs:,} for one image")
    box = page.get_by_role("combobox", name="Model")
    box.click()
    box.fill(f"{card.title} · {card.family}")
    page.get_by_role("option").filter(has_text=f"{card.title} · ").first.click()
    page.wait_for_function(AT_REST, timeout=30_000)
    seen = page.evaluate("() => window.seen")
    return Change(name, seen["headline"] - seen["clicked"], seen["last"] - seen["clicked"])


@contextmanager
def server() -> Iterator[str]:
    """A server of its own on a free port; gives its address when it answers."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
    command += [f"--server.port={port}", "--server.fileWatcherType=none"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(f"http://localhost:{port}/_stcore/health", process)
            yield f"http://localhost:{port}/"
        finally:
            process.terminate()


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Return when ``url`` answers."""
    while process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.02)
    sys.exit("The server ended before it answered")


def print_starts(pairs: Sequence[tuple[float, float]]) -> None:
    """Print the starts beside the bare imports, in seconds."""
    print(f"{'start':>7} {'bare import (s)':>16} {'to first chart (s)':>19} {'difference (s)':>15}")
    for number, (bare, first) in enumerate(pairs, start=1):
        print(f"{number:>7} {bare:>16.2f} {first:>19.2f} {first - bare:>+15.2f}")
    bare, first = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"{'median':>7} {bare:>16.2f} {first:>19.2f} {first - bare:>+15.2f}\n")


def print_changes(changes: Sequence[Change]) -> None:
    """Print the percentiles of the changes, those of first visits apart, and the slowest five."""
    firsts = [
        entry for number, entry in enumerate(changes) if entry.name not in {c.name for c in changes[:number]}
    ]
    print(f"{'changes':>28} {'number':>7} {'headline p50':>13} {'p95':>6} {'drawn p50':>10} {'p95':>6}  (ms)")
    for label, group in (("all", changes), ("first visit to that model", firsts)):
        headline = [entry.headline_ms for entry in group]
        drawn = [entry.drawn_ms for entry in group]
        print(
            f"{label:>28} {len(group):>7} {statistics.median(headline):>13.0f} {percentile(headline):>6.0f} "
            f"{statistics.median(drawn):>10.0f} {percentile(drawn):>6.0f}"
        )
    for entry in sorted(changes, key=lambda entry: -entry.drawn_ms)[:5]:
        print(f"{entry.name:>28} {'':>7} {entry.headline_ms:>13.0f} {'':>6} {entry.drawn_ms:>10.0f}")


def percentile(values: Sequence[float], share: float = 0.95) -> float:
    """The smallest value that at least ``share`` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


if __name__ == "__main__":
    main()
