from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

import models
from analysis import analyze


@pytest.mark.parametrize(("width", "scheme"), [(1400, "dark"), (420, "light")])
def test_module_3a_within_the_screen(open_page: Callable[..., Page], width: int, scheme: str) -> None:
    """Four charts of GoogLeNet's first module, its MACs as traced, nothing wider than the screen."""
    page = open_page("building_blocks?block=inception", width=width, scheme=scheme)
    report = analyze(models.build("googlenet_2014"), (3, 224, 224))
    macs = next(group.macs for group in report.modules if group.name == "inception3a")
    expect(page.get_by_text(f"The traced GoogLeNet has {macs:,} MACs in 3a")).to_be_visible()
    expect(page.get_by_text("128 M MACs with the reductions, 303 M without")).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_have_count(4)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_a_pill_sets_the_sliders_and_a_slider_leaves_it(
    open_page: Callable[..., Page], wait_until_idle: Callable[[], None]
) -> None:
    """5b has 832 channels in and 1,024 out; one step of a slider, and the page says that it has left 5b."""
    page = open_page("building_blocks?block=inception")
    page.get_by_text("5b", exact=True).first.click()
    wait_until_idle()
    expect(page.get_by_test_id("stMetricValue").nth(2)).to_have_text("1,024")
    expect(page.get_by_role("slider", name="C: channels in")).to_have_value("832")
    page.get_by_role("slider", name="n₁: 1 x 1").press("ArrowRight")
    wait_until_idle()
    expect(page.get_by_test_id("stMetricValue").nth(2)).to_have_text("1,032")
    expect(page.get_by_text("Moved away from 5b")).to_be_visible()
    assert "inception_ones=392" in page.url
