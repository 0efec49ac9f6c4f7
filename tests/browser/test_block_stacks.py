from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from analysis.stack_comparison import compare_stack
from charts.format import exact


@pytest.mark.parametrize(("width", "scheme"), [(1400, "light"), (420, "dark")])
def test_opens_with_all_charts_and_within_the_screen(
    open_page: Callable[..., Page], width: int, scheme: str
) -> None:
    """Three charts over the depth and one over the channels; nothing is wider than the screen."""
    page = open_page("building_blocks?block=stacks", width=width, scheme=scheme)
    expect(page.locator(".js-plotly-plot")).to_have_count(4)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_choosing_alexnets_first_layer_shows_what_a_stack_would_cost_it(
    open_page: Callable[..., Page], wait_until_idle: Callable[[], None]
) -> None:
    """A click sets all sliders; the numbers are the library's."""
    page = open_page("building_blocks?block=stacks")
    page.get_by_role("radio", name="AlexNet's first").click()
    wait_until_idle()
    first = compare_stack(3, 96, (227, 227), 11, stride=4, padded=False)
    expect(page.get_by_text(f"{exact(first.stack.params)} beside {exact(first.one.params)}")).to_be_visible()
    expect(page.get_by_text("118.9 times the MACs")).to_be_visible()
    assert "stacks_kernel=11" in page.url
