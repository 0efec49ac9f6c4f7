from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from analysis.experiments.filter_bank import CHANNELS, feature_maps
from analysis.experiments.response_normalisation import Constants, competition, strongest_position
from ui.picture_file import shipped


@pytest.mark.parametrize(("width", "scheme"), [(1400, "dark"), (420, "light")])
def test_the_numbers_on_the_screen_are_the_librarys(
    open_page: Callable[..., Page], width: int, scheme: str
) -> None:
    """What LRN leaves of the neighbour, four charts, nothing wider than the screen."""
    page = open_page("building_blocks?block=response", width=width, scheme=scheme)
    maps = feature_maps(shipped("cat").pixels)
    channel = list(CHANNELS).index("45")
    found = competition(maps, channel, 10, strongest_position(maps, channel), Constants())
    part = f"{100 * found.kept[channel + 1]:.1f} %"
    expect(
        page.get_by_text(f"Channel 45° made 10 times as strong leaves {part} of 60° after LRN")
    ).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_have_count(4)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_a_weaker_channel_leaves_more(
    open_page: Callable[..., Page], wait_until_idle: Callable[[], None]
) -> None:
    """One time as strong changes nothing: all of the neighbour is left, and the address says so."""
    page = open_page("building_blocks?block=response&response_factor=2")
    page.get_by_role("slider", name="Times as strong").press("ArrowLeft")
    page.wait_for_url("**response_factor=1**")
    wait_until_idle()
    expect(page.get_by_text("leaves 100.0 % of 60° after LRN")).to_be_visible()
