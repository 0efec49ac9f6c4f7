from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from analysis.zone_plate import sampled_plate
from charts.format import share_text

OpenPage = Callable[..., Page]
Wait = Callable[[], None]
PLATES = '[class*="st-key-aliasing_zone_"] .js-plotly-plot'


@pytest.mark.parametrize(("width", "scheme"), [(1400, "light"), (420, "dark")])
def test_moire_is_where_the_library_puts_it(
    open_page: OpenPage, wait_until_idle: Wait, width: int, scheme: str
) -> None:
    """Shares of two filters for S = 4, the centres that are marked, another stride; nothing too wide."""
    page = open_page(
        "aliasing?model=resnet20_cifar&zone_stride=4&zone_filters=none,binomial_5", width=width, scheme=scheme
    )
    expect(page.locator(PLATES)).to_have_count(4)  # the plate, two filters, the responses
    for name, label in (("none", "No filter"), ("binomial_5", "Binomial 5")):
        share = share_text(sampled_plate(name, 4).aliased_share)
        expect(page.get_by_text(f"{label}: {share} moiré")).to_be_visible()
    marks = page.locator(f"{PLATES} .scatterlayer .point")
    marked = [centre for name in ("none", "binomial_5") for centre in sampled_plate(name, 4).false_centres]
    expect(marks).to_have_count(sum(centre.contrast > 0.02 for centre in marked))
    page.locator(".st-key-aliasing_zone_stride").get_by_text("3", exact=True).click()
    wait_until_idle()
    assert "zone_stride=3" in page.url
    expect(page.get_by_text("r = f* / k = 40 pixels")).to_be_visible()
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")
