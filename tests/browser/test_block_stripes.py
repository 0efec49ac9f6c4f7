from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from analysis.experiments.stripes import Settings, train

PATH = "building_blocks?block=stripes&stripes_grid=2"


@pytest.mark.parametrize(("width", "scheme"), [(1400, "light"), (420, "dark")])
def test_training_fills_the_page(
    open_page: Callable[..., Page], wait_until_idle: Callable[[], None], width: int, scheme: str
) -> None:
    """After the button: the library's accuracies, three charts, nothing wider than the screen."""
    page = open_page(PATH, width=width, scheme=scheme)
    page.get_by_role("button", name="Train the three networks").click()
    expect(page.get_by_role("button", name="Train again")).to_be_visible(timeout=60_000)
    wait_until_idle()
    *_, last = train(Settings(grid=2, channels=8, steps=60, seed=0))
    two = f"{100 * last.accuracies[1][-1]:.1f} %"
    expect(
        page.get_by_text(f"Every picture right: groups = 1, groups = 2 with shuffle. Not: groups = 2 ({two})")
    ).to_be_visible()
    expect(page.get_by_test_id("stMetricValue")).to_have_text(["100.0 %", two, "100.0 %", "75.0 %"])
    expect(page.locator(".js-plotly-plot")).to_have_count(3)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_a_training_can_be_stopped(
    open_page: Callable[..., Page], wait_until_idle: Callable[[], None]
) -> None:
    """Stop ends a long training; what it had reached stays, and another setting is untrained."""
    page = open_page("building_blocks?block=stripes&stripes_grid=4&stripes_channels=16&stripes_steps=600")
    main = page.get_by_test_id("stMain")
    page.get_by_role("button", name="Train the three networks").click()
    expect(main.get_by_text("30 of 600 steps")).to_be_visible(timeout=60_000)
    main.get_by_role("button", name="Stop").click()
    expect(main.get_by_text("Stopped after")).to_be_visible()
    wait_until_idle()
    main.get_by_text("2 x 2", exact=True).click()
    expect(page.get_by_role("button", name="Train the three networks")).to_be_visible()
