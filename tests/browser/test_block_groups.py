from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

import models
from analysis import analyze
from analysis.reachability import channel_reachability


@pytest.mark.parametrize(("width", "scheme"), [(1400, "light"), (420, "dark")])
def test_alexnets_towers_within_the_screen(open_page: Callable[..., Page], width: int, scheme: str) -> None:
    """The matrix of conv2, half of it connected; a pair of the other tower is not, says the pointer."""
    page = open_page("building_blocks?block=groups", width=width, scheme=scheme)
    expect(page.get_by_text("Each output sees 48 of 96 inputs")).to_be_visible()
    expect(page.get_by_test_id("stMetricValue").first).to_have_text("50 %")
    matrix = page.locator(".js-plotly-plot .nsewdrag")
    for across, words in ((0.25, "not connected"), (0.75, "connected")):
        box = matrix.bounding_box()
        assert box is not None
        matrix.hover(position={"x": across * box["width"], "y": 0.75 * box["height"]})
        expect(page.locator(".hoverlayer .hovertext").last).to_contain_text(words)
        text = page.locator(".hoverlayer .hovertext").last.text_content() or ""
        assert ("not" in text) == ("not" in words)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_a_shuffle_is_switched_off(
    open_page: Callable[..., Page], wait_until_idle: Callable[[], None]
) -> None:
    """Two layers of 32 channels in 8 groups connect half of the pairs, without the shuffle an eighth."""
    page = open_page("building_blocks?block=groups&groups_of=layers")
    first = page.get_by_test_id("stMetricValue").first
    expect(first).to_have_text("50 %")
    page.get_by_text("Shuffle between them").click()
    wait_until_idle()
    expect(first).to_have_text("12.5 %")
    assert "groups_shuffle=off" in page.url


def test_a_large_matrix_of_any_network(open_page: Callable[..., Page]) -> None:
    """2048 x 2048 pairs of ResNet-50's last sum in tiles; the count is the library's."""
    rows = "groups_first=layer4.2.conv1&groups_last=layer4.2.add"
    page = open_page(f"building_blocks?block=groups&groups_of=any&model=resnet50&{rows}")
    report = analyze(models.build("resnet50"), (3, 224, 224))
    connected = int(channel_reachability(report, "layer4.2.conv1", "layer4.2.add").sum())
    expect(page.get_by_text(f"{connected:,} of 4,194,304 pairs")).to_be_visible()
    expect(page.get_by_text("a cell is a tile of 8 x 8 pairs")).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_have_count(2)
