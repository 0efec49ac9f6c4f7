from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from analysis.residual_arithmetic import compare_residual_blocks


@pytest.mark.parametrize(("width", "scheme"), [(1400, "dark"), (420, "light")])
def test_the_default_within_the_screen(open_page: Callable[..., Page], width: int, scheme: str) -> None:
    """Two charts, ResNet-50's numbers, nothing wider than the screen."""
    page = open_page("building_blocks?block=residual", width=width, scheme=scheme)
    values = page.get_by_test_id("stMetricValue")
    expect(values).to_have_text(["69,632", "16.9 x", "62 channels", "3 x 3", "32 x 4d"])
    expect(page.locator(".js-plotly-plot")).to_have_count(2)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_more_channels_and_another_reduction(
    open_page: Callable[..., Page], wait_until_idle: Callable[[], None]
) -> None:
    """One step of 16 channels, then half of them as width: parameters as the library counts them."""
    page = open_page("building_blocks?block=residual")
    page.get_by_role("slider", name="Channels C").press("ArrowRight")
    wait_until_idle()
    first = page.get_by_test_id("stMetricValue").first
    expect(first).to_have_text(f"{compare_residual_blocks(272, 4, (56, 56)).bottleneck.params:,}")
    page.get_by_text("C / 2 (Wide ResNet-50)").click()
    wait_until_idle()
    expect(first).to_have_text(f"{compare_residual_blocks(272, 2, (56, 56)).bottleneck.params:,}")
    assert "residual_channels=272" in page.url
    assert "residual_reduction=2" in page.url
