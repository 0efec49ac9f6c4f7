"""How long a click on a unit takes on the Receptive field page, measured in a real Chromium.

Run from the repository: ``python benchmarks/receptive_field_page.py [--clicks 60] [--seed 0]``. It starts its own
server and prints a table. A click runs from the release of the button to the first frame in which both the
title of the picture names the new unit and the picture's figure was drawn anew.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.browser import FLAGS, percentile, server

# Small and large maps, a network with gates, a picture of many pixels.
VIEWS = (
    "model=alexnet&layer=features.12",
    "model=resnet50&layer=layer3.1.conv1",
    "model=vgg16&layer=features.2",
    "model=efficientnet_b0&layer=features.4.2.block.0.0",
    "model=resnet50&layer=layer2.1.conv2&size=448",
)
TARGET_MS = 300
CHART = ".st-key-field_unit_chart .main-svg"
# Notes the release of the button, the frame with another title, and the frame in which the figure's shapes or
# traces were drawn anew (its hover labels do not count).
WATCH = """() => {
  const seen = window.seen = {};
  const LAYERS = '.st-key-field_unit_chart .cartesianlayer, .st-key-field_unit_chart .shapelayer';
  const title = () => [...document.querySelectorAll('h4')].find(h => h.innerText.startsWith('Unit ('))?.innerText;
  document.addEventListener('pointerup', () => {
    seen.clicked = performance.now(); seen.title = title(); seen.drawn = false; seen.done = undefined;
  }, true);
  new MutationObserver(records => {
    if (seen.clicked === undefined || seen.done !== undefined) return;
    seen.drawn ||= records.some(record => record.target.closest?.(LAYERS));
    if (title() !== seen.title && seen.drawn)
      requestAnimationFrame(() => { seen.done ??= performance.now(); });
  }).observe(document.body, {childList: true, subtree: true, characterData: true, attributes: true});
}"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clicks", type=int, default=60, help="how many on each view (default 60)")
    parser.add_argument("--seed", type=int, default=0, help="of the random places (default 0)")
    options = parser.parse_args()
    chromium = (
        os.environ.get("CONVSCOPE_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    )
    if chromium is None:
        sys.exit("Chromium is missing: install it, or name it in CONVSCOPE_CHROMIUM")
    with sync_playwright() as playwright, server() as url:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1400, "height": 2400})
        times = {
            view: clicks(page, f"{url}receptive_field?{view}", options.clicks, options.seed) for view in VIEWS
        }
        browser.close()
    print_times(times)


def clicks(page: Page, url: str, count: int, seed: int) -> list[float]:
    """Milliseconds of clicks at random places of the picture, each on another unit than the one before."""
    page.goto(url)
    page.wait_for_selector(CHART, timeout=60_000)
    page.wait_for_timeout(3000)
    page.evaluate(WATCH)
    order = random.Random(seed)
    found: list[float] = []
    for _ in range(5 * count + 5):
        if len(found) > count:  # the first loads code that every later one finds loaded
            break
        plot = page.locator(".st-key-field_unit_chart .nsewdrag").bounding_box()
        assert plot is not None
        page.mouse.click(
            plot["x"] + plot["width"] * order.uniform(0.05, 0.95),
            plot["y"] + plot["height"] * order.uniform(0.05, 0.95),
        )
        page.wait_for_timeout(700)
        seen = page.evaluate("() => window.seen.done && window.seen.done - window.seen.clicked")
        if seen:  # nothing happens after a click on the unit that is chosen already
            found.append(seen)
    if len(found) < 2:
        sys.exit(f"No click on {url} has changed the picture.")
    return found[1:]


def print_times(times: Mapping[str, Sequence[float]]) -> None:
    """Print the percentiles of each view and of all."""
    print(f"{'view':>52} {'clicks':>7} {'p50 (ms)':>9} {'p95 (ms)':>9} {'slowest':>8}")
    every = [value for values in times.values() for value in values]
    for view, values in (*times.items(), ("all", every)):
        print(
            f"{view:>52} {len(values):>7} {statistics.median(values):>9.0f} {percentile(values):>9.0f} "
            f"{max(values):>8.0f}"
        )
    verdict = "met" if percentile(every) <= TARGET_MS else "missed"
    print(f"\nTarget: at most {TARGET_MS} ms at the 95th percentile, {verdict}.")


if __name__ == "__main__":
    main()
