from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import models
from analysis import analyze
from models.head_surgery import replace_head

OpenPage = Callable[..., Page]
Wait = Callable[[], None]


@pytest.mark.parametrize(("width", "scheme"), [(1400, "light"), (420, "dark")])
def test_opens_on_alexnet_within_the_screen(open_page: OpenPage, width: int, scheme: str) -> None:
    """Four charts are drawn; nothing is wider than the screen; the headline case is read off."""
    page = open_page("parameters", width=width, scheme=scheme)
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_have_count(4)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")
    expect(page.get_by_text("58,631,144 in 3 layers")).to_be_visible()
    expect(page.get_by_text("2,334,080 in 5 layers")).to_be_visible()


def test_surgery_on_another_model_is_the_librarys(open_page: OpenPage, wait_until_idle: Wait) -> None:
    """VGG-16 with the head of Network in Network: parameters and MACs to the digit."""
    page = open_page("parameters?model=vgg16")
    page.get_by_text("1 x 1 convolution, then pool").click()
    wait_until_idle()
    assert "head=conv_gap" in page.url
    after = analyze(replace_head(models.build("vgg16"), "conv_gap").model, (3, 224, 224)).totals
    expect(page.get_by_text(f"{after.params:,} instead of 138,357,544")).to_be_visible()
    expect(page.get_by_text(f"{after.macs:,} instead of 15,470,264,320")).to_be_visible()


def test_report_downloads_and_opens(open_page: OpenPage, tmp_path: Path) -> None:
    """Four charts and two tables without a server."""
    page = open_page("parameters?model=lenet5_modern")
    with page.expect_download() as download:
        page.get_by_text("This page as HTML report").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    page.goto(file.as_uri())
    expect(page.locator(".js-plotly-plot")).to_have_count(4)
    expect(page.get_by_text("model=lenet5_modern")).to_be_visible()
