from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

import models
from analysis import analyze
from analysis.window_arithmetic import window_plan
from analysis.window_walk import window_walk


@pytest.mark.parametrize(("width", "scheme"), [(1400, "dark"), (420, "light")])
def test_alexnets_first_layer_within_the_screen(
    open_page: Callable[..., Page], width: int, scheme: str
) -> None:
    """55 windows over 227 values and their two borders, all drawn, and nothing wider than the screen."""
    page = open_page("building_blocks?block=windows&windows_step=1", width=width, scheme=scheme)
    plan = window_plan(227, 11, 4)
    expect(page.get_by_text("227 values become 55: every value is read")).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_have_count(4)
    drawn = page.locator(".js-plotly-plot").first
    # One bar for the input and one for each window: taps of 227 values are too narrow to stand apart.
    expect(drawn.locator(".barlayer .point")).to_have_count(1 + plan.output_size)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_next_layer_plays_the_walk(
    open_page: Callable[..., Page], wait_until_idle: Callable[[], None]
) -> None:
    """Each press shows the next size of the traced network, in headline and address; back shows the one before."""
    page = open_page("building_blocks?block=windows")
    walk = window_walk(analyze(models.build("alexnet_2012"), (3, 227, 227)))
    for number, step in enumerate(walk[:3], start=1):
        page.get_by_role("button", name="Next layer").click()
        wait_until_idle()
        expect(page.get_by_test_id("stMetricValue").first).to_have_text(str(step.output_size))
        assert f"windows_step={number}" in page.url
        assert f"windows_size={step.size}" in page.url
    page.go_back()
    wait_until_idle()
    expect(page.get_by_test_id("stMetricValue").first).to_have_text(str(walk[1].output_size))
    assert "windows_step=2" in page.url


def test_a_slider_moves_the_windows_and_an_impossible_kernel_is_explained(
    open_page: Callable[..., Page], wait_until_idle: Callable[[], None]
) -> None:
    """Twelve values and kernels of 3, 4 and, in a link, 16: the last does not fit."""
    page = open_page("building_blocks?block=windows")
    expect(page.get_by_text("12 values become 5: value 11 falls off the right border")).to_be_visible()
    page.get_by_role("slider", name="Kernel").press("ArrowRight")
    wait_until_idle()
    expect(page.get_by_text("12 values become 5: every value is read")).to_be_visible()
    page = open_page("building_blocks?block=windows&windows_kernel=16")
    expect(page.get_by_text("choose a smaller kernel, or a padding of at least 2.")).to_be_visible()
