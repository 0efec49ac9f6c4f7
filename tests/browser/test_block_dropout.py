from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect


@pytest.mark.parametrize(("width", "scheme"), [(1400, "light"), (420, "dark")])
def test_opens_and_another_rule_changes_the_sentence(
    open_page: Callable[..., Page], wait_until_idle: Callable[[], None], width: int, scheme: str
) -> None:
    """Two charts within the screen; without scaling evaluation is off by two at p = 0.5."""
    page = open_page("building_blocks?block=dropout", width=width, scheme=scheme)
    expect(page.locator(".js-plotly-plot")).to_have_count(2)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")
    page.get_by_text("Nobody scales", exact=True).first.click()
    wait_until_idle()
    expect(page.get_by_text("Unscaled, evaluation is off by the factor 1 / 0.5")).to_be_visible()
    expect(page.get_by_text("2 times what training led it to expect").first).to_be_visible()
