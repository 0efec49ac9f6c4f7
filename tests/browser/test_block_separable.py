from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from analysis.block_arithmetic import separable_share


@pytest.mark.parametrize(("width", "scheme"), [(1400, "light"), (420, "dark")])
def test_the_default_within_the_screen(open_page: Callable[..., Page], width: int, scheme: str) -> None:
    """Three charts, the share of MobileNet's layer of 512 channels, nothing wider than the screen."""
    page = open_page("building_blocks?block=separable", width=width, scheme=scheme)
    expect(page.get_by_test_id("stMetricValue")).to_have_text(["11.3 %", "52.3 M", "462 M", "94.9 %"])
    expect(page.locator(".js-plotly-plot")).to_have_count(3)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_a_larger_kernel_saves_more(
    open_page: Callable[..., Page], wait_until_idle: Callable[[], None]
) -> None:
    """One step to 5 x 5: the share is the formula's, in the headline and in the chart's title."""
    page = open_page("building_blocks?block=separable")
    page.get_by_role("slider", name="Kernel, k").press("ArrowRight")
    wait_until_idle()
    share = f"{100 * float(separable_share(512, 5)):.3g} %"
    expect(page.get_by_test_id("stMetricValue").first).to_have_text(share)
    expect(page.get_by_text(f"5 x 5 on 512 channels out: {share} of")).to_be_visible()
    assert "separable_kernel=5" in page.url
