from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from analysis.block_arithmetic import weight_sharing
from charts.format import exact


@pytest.mark.parametrize(("width", "scheme"), [(1400, "light"), (420, "dark")])
def test_lenets_numbers_stand_on_the_screen(open_page: Callable[..., Page], width: int, scheme: str) -> None:
    """The three counts of the library, five charts drawn, nothing wider than the screen."""
    page = open_page("building_blocks?block=sharing", width=width, scheme=scheme)
    counts = weight_sharing(1, (32, 32), 6, 5)
    for count in (counts.dense_params, counts.local_params, counts.shared_params):
        expect(page.get_by_text(f"{exact(count)} parameters", exact=True)).to_be_visible()
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_have_count(5)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_a_stride_follows_even_shifts_only(
    open_page: Callable[..., Page], wait_until_idle: Callable[[], None]
) -> None:
    """With stride 2 the order makes no difference for 8 pixels to the right; for 9 it does."""
    page = open_page("building_blocks?block=sharing&sharing_step=2")
    expect(page.get_by_text("Convolution: the order makes no difference")).to_be_visible()
    page.get_by_role("slider", name="Shift to the right").press("ArrowRight")
    wait_until_idle()
    expect(page.get_by_text("Convolution: the order changes values by up to")).to_be_visible()
    expect(page.get_by_text("4.5, 2", exact=True)).to_be_visible()
