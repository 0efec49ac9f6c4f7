from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import models

BUBBLES = ".st-key-overview_front_chart path.point"


def click_bubble(page: Page, number: int) -> None:
    """Click in the middle of a bubble of the chart."""
    box = page.locator(BUBBLES).nth(number).bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 420])
def test_opens_with_every_model_and_within_the_screen(
    open_page: Callable[..., Page], width: int, scheme: str
) -> None:
    """80 bubbles, the number in the headline, nothing wider than the screen, no error in the console."""
    page = open_page("", width=width, scheme=scheme)
    expect(page.locator(BUBBLES)).to_have_count(len(models.cards()))
    expect(page.get_by_test_id("stMetricValue").first).to_have_text("80")
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_a_bubble_leads_to_inspect_and_back(open_page: Callable[..., Page]) -> None:
    """The first bubble is AlexNet's: a click opens it in Inspect at 224 pixels; Back shows Overview again."""
    page = open_page("")
    click_bubble(page, 0)
    page.wait_for_url("**/inspect_model?model=alexnet&size=224")
    expect(page.get_by_text("61,100,840").first).to_be_visible()
    page.go_back()
    expect(page.locator(BUBBLES)).to_have_count(len(models.cards()))


def test_a_link_reproduces_the_view(
    open_page: Callable[..., Page], wait_until_idle: Callable[[], None]
) -> None:
    """Choose parameters as the cost; the address that results shows the same in another tab."""
    page = open_page("")
    page.get_by_test_id("stMain").get_by_text("parameters", exact=True).first.click()
    page.wait_for_url("**cost=params**")
    wait_until_idle()
    title = "most accuracy for their parameters"
    expect(page.get_by_text(title)).to_be_visible()
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_text(title)).to_be_visible(timeout=30_000)


def test_report_downloads_and_opens(open_page: Callable[..., Page], tmp_path: Path) -> None:
    """The file is opened without a server: both charts are drawn and the table holds every model."""
    page = open_page("")
    with page.expect_download() as download:
        page.get_by_text("This page as HTML report").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    page.goto(file.as_uri())
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    assert page.locator(".js-plotly-plot").count() == 2
    assert page.locator("table").last.locator("tbody tr").count() == len(models.cards())
    expect(page.get_by_text("torch 2.")).to_be_visible()


def test_csv_holds_every_model(open_page: Callable[..., Page], tmp_path: Path) -> None:
    """The CSV of the table has a line a model and its full number of parameters."""
    page = open_page("")
    with page.expect_download() as download:
        page.get_by_text("Table as CSV").last.click()
    file = tmp_path / "zoo.csv"
    download.value.save_as(file)
    lines = file.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + len(models.cards())
    assert any(line.startswith("resnet50,") and ",25557032," in line for line in lines)
