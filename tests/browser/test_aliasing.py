from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import models
from analysis import analyze
from analysis.measured_aliasing import LayerAliasing, measured_aliasing
from charts.format import share_text
from models.initialised import build_initialised
from ui.model_input import normalised, square
from ui.picture_file import shipped

OpenPage = Callable[..., Page]
Wait = Callable[[], None]


@pytest.fixture(scope="module")
def layers() -> dict[str, LayerAliasing]:
    """SqueezeNet 1.1 with its random weights on the bricks, as the page measures it."""
    card = models.card("squeezenet1_1")
    image = normalised(square(shipped("bricks").pixels, 224), card)
    report = analyze(models.build(card.name), card.input_shape)
    measured = measured_aliasing(report, build_initialised(card.name), image)
    return {layer.subsampling.name: layer for layer in measured}


@pytest.mark.parametrize(("width", "scheme"), [(1400, "light"), (420, "dark")])
def test_numbers_on_the_screen_are_the_librarys(
    open_page: OpenPage, layers: dict[str, LayerAliasing], width: int, scheme: str
) -> None:
    """Limits and shares are read off; all charts are drawn; nothing is wider than the screen."""
    page = open_page("aliasing?model=squeezenet1_1", width=width, scheme=scheme)
    expect(page.get_by_text("cycles per pixel, features.0, S = 2")).to_be_visible()
    expect(page.get_by_text("cycles per pixel: one period in 32 px")).to_be_visible()
    shares = {name: layer.share_above or 0.0 for name, layer in layers.items()}
    most = max(shares, key=shares.__getitem__)
    expect(page.get_by_text(f"Most is aliased in {most}: {share_text(shares[most])} of what")).to_be_visible()
    expect(page.get_by_text(f"Before: {share_text(shares['features.0'])} outside the square")).to_be_visible()
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    for key, count in {"limits": 1, "shares": 1, "radial": 1, "plane": 3, "kernels": 5}.items():
        expect(page.locator(f'[class*="st-key-aliasing_{key}_"] .js-plotly-plot')).to_have_count(count)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")


def test_a_click_on_a_bar_shows_its_spectra(
    open_page: OpenPage, wait_until_idle: Wait, layers: dict[str, LayerAliasing]
) -> None:
    """The second bar is the pooling "features.2"; its title says the library's share."""
    page = open_page("aliasing?model=squeezenet1_1")
    chart = page.locator(".st-key-aliasing_shares_chart")
    chart.scroll_into_view_if_needed()
    bar = chart.locator(".trace.bars .point path").nth(1)
    box = bar.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 3, box["y"] + box["height"] / 2)
    wait_until_idle()
    share = layers["features.2"].share_above
    expect(page.get_by_text(f"features.2: {share_text(share)} of the energy lies above f*")).to_be_visible()
    assert "layer=features.2" in page.url


def test_table_downloads_as_numbers(open_page: OpenPage, tmp_path: Path) -> None:
    """The CSV has both axes and the sentence of each low-pass."""
    page = open_page("aliasing?model=squeezenet1_1")
    with page.expect_download() as download:
        page.locator(".st-key-aliasing_table_csv button").click()
    file = tmp_path / "table.csv"
    download.value.save_as(file)
    header, first, *_ = file.read_text().splitlines()
    assert header.startswith("name,operator,kernel_h,kernel_w,factor_h,factor_w,overlap_h")
    assert first.startswith(
        "features.0,conv2d,3,3,2.0,2.0,1.5,1.5,0.25,0.25,0.25,0.25,4.0,kernel wider than S"
    )


def test_report_opens_by_itself(open_page: OpenPage, tmp_path: Path) -> None:
    """The same charts, both tables and the sentences without a server."""
    page = open_page("aliasing?model=squeezenet1_1")
    with page.expect_download() as download:
        page.get_by_text("This page as HTML report").click()
    file = tmp_path / "report.html"
    download.value.save_as(file)
    page.goto(file.as_uri())
    expect(page.get_by_role("heading", name="What SqueezeNet 1.1 aliases")).to_be_visible()
    expect(page.locator(".js-plotly-plot").nth(10)).to_be_visible()
    expect(page.get_by_role("heading", name="Measured on the picture")).to_be_visible()
