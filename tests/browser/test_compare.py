from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import models
from analysis import analyze


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 420])
def test_opens_with_all_charts_and_within_the_screen(
    open_page: Callable[..., Page], width: int, scheme: str
) -> None:
    """Eight charts of three models; nothing is wider than the screen; no error in the console."""
    page = open_page("compare", width=width, scheme=scheme)
    expect(page.locator(".js-plotly-plot")).to_have_count(8)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_numbers_are_the_librarys(open_page: Callable[..., Page], tmp_path: Path) -> None:
    """The CSV of a pasted link states the MACs that the library counts at that size."""
    page = open_page("compare?models=alexnet,resnet18&size=160")
    with page.expect_download() as download:
        page.get_by_text("Table as CSV").click()
    file = tmp_path / "differences.csv"
    download.value.save_as(file)
    lines = {
        line.split(",")[0]: line.split(",")[1:3] for line in file.read_text(encoding="utf-8").splitlines()
    }
    macs = [analyze(models.build(name), (3, 160, 160)).totals.macs for name in ("alexnet", "resnet18")]
    assert lines["macs"] == list(map(str, macs))


def test_switching_the_unit_changes_charts_and_address(open_page: Callable[..., Page]) -> None:
    """FLOPs instead of MACs: in the cards, in the titles, in the URL."""
    page = open_page("compare")
    page.get_by_test_id("stMain").get_by_text("FLOPs", exact=True).first.click()
    page.wait_for_url("**unit=flops**")
    expect(page.get_by_text("Where do the FLOPs go?")).to_be_visible()
    expect(page.get_by_text("8.18 GFLOPs")).to_be_visible()


def test_a_failing_model_gets_its_sentence_and_the_others_show(open_page: Callable[..., Page]) -> None:
    """AlexNet at 50 pixels: the page names it, the layer and the smallest size; ResNet-18 is drawn."""
    page = open_page("compare?models=alexnet,resnet18&size=50")
    expect(page.get_by_text("AlexNet cannot be shown.")).to_be_visible()
    expect(page.get_by_text("The smallest square input that works is 63 x 63.")).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_have_count(8)


def test_two_tabs_do_not_disturb_each_other(open_page: Callable[..., Page]) -> None:
    """Each tab keeps its own selection."""
    page = open_page("compare?models=alexnet,resnet18")
    other = page.context.new_page()
    other.goto(page.url.split("?")[0] + "?models=vgg11,vgg13")
    expect(other.get_by_text("VGG-13 at 224 px")).to_be_visible(timeout=30_000)
    page.get_by_test_id("stMain").get_by_text("FLOPs", exact=True).first.click()
    page.wait_for_url("**unit=flops**")
    expect(page.get_by_text("AlexNet at 224 px")).to_be_visible()
    assert "unit" not in other.url


def test_report_downloads_and_opens(open_page: Callable[..., Page], tmp_path: Path) -> None:
    """Eight charts and the table of differences stand in a file that needs no server."""
    page = open_page("compare")
    with page.expect_download() as download:
        page.get_by_text("This page as HTML report").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    page.goto(file.as_uri())
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    assert page.locator(".js-plotly-plot").count() == 8
    expect(page.get_by_text("15,470,264,320").first).to_be_visible()
    expect(page.get_by_text("models=vgg16,resnet50,mobilenet_v2")).to_be_visible()
