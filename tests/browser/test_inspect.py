from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import models
from analysis import analyze
from analysis.layer_differences import layer_pairs

OpenPage = Callable[..., Page]
Wait = Callable[[], None]


def choose_model(page: Page, title: str) -> None:
    """Choose a model as a visitor does: type, click on the option."""
    box = page.get_by_role("combobox", name="Model")
    box.click()
    box.fill(title)
    page.get_by_role("option").filter(has_text=f"{title} · ").first.click()


def click_box(page: Page, number: int) -> None:
    """Click on the middle of one bar of the picture, which is the first chart of the page."""
    picture = page.locator(".js-plotly-plot").first
    picture.scroll_into_view_if_needed()
    area = picture.locator("g.point path").nth(number).bounding_box()
    assert area is not None
    page.mouse.move(area["x"] + area["width"] / 2, area["y"] + area["height"] / 2)
    page.mouse.click(area["x"] + area["width"] / 2, area["y"] + area["height"] / 2)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 420])
def test_opens_with_its_picture_and_within_the_screen(open_page: OpenPage, width: int, scheme: str) -> None:
    """The picture and the chart of the first tab are drawn; nothing is wider than the screen."""
    page = open_page("inspect_model?model=googlenet", width=width, scheme=scheme)
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_have_count(2)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")


def test_numbers_on_the_page_are_the_librarys(open_page: OpenPage) -> None:
    """A pasted link with a size: MACs, parameters and receptive field to the digit."""
    page = open_page("inspect_model?model=resnet18&size=160")
    totals = analyze(models.build("resnet18"), (3, 160, 160)).totals
    assert totals.receptive_field is not None
    expect(page.get_by_text(f"{totals.macs:,} for one image")).to_be_visible()
    expect(page.get_by_text(f"{totals.params:,}", exact=True)).to_be_visible()
    expect(page.get_by_text("{} x {}".format(*totals.receptive_field), exact=True)).to_be_visible()


def test_a_change_of_model_changes_numbers_picture_and_address(
    open_page: OpenPage, wait_until_idle: Wait
) -> None:
    """VGG-16: 138,357,544 parameters (its paper's 138 M), 20 boxes, the URL names it."""
    page = open_page("inspect_model?model=resnet18")
    choose_model(page, "VGG-16")
    expect(page.get_by_text("138,357,544", exact=True)).to_be_visible()
    wait_until_idle()
    assert "model=vgg16" in page.url
    boxes = 13 + 5 + 1 + 3  # convolutions, poolings, the adaptive pooling, linear layers
    expect(page.get_by_text(f"operations in {boxes} boxes")).to_be_visible()
    expect(page.locator(".js-plotly-plot").first.locator("g.point path")).to_have_count(boxes + 1)


def test_the_slider_changes_the_numbers(open_page: OpenPage, wait_until_idle: Wait) -> None:
    """ViT-B/16 goes from 224 to 240 pixels with one key: 225 patches instead of 196."""
    page = open_page("inspect_model?model=vit_b_16")
    page.get_by_role("slider", name="Input size").focus()
    page.keyboard.press("ArrowRight")
    macs = analyze(models.build("vit_b_16", 240), (3, 240, 240)).totals.macs
    expect(page.get_by_text(f"{macs:,} for one image")).to_be_visible()
    wait_until_idle()
    assert "size=240" in page.url


def test_a_click_on_a_box_marks_its_rows(open_page: OpenPage, wait_until_idle: Wait) -> None:
    """The second box of AlexNet is its first convolution: rows 0 and 1, 23,296 parameters."""
    page = open_page("inspect_model?model=alexnet")
    click_box(page, 1)
    wait_until_idle()
    expect(page.get_by_text("rows 0 to 1: 23,296 parameters")).to_be_visible()
    expect(page.get_by_text("All rows, not only those around features.0")).to_be_visible()


def test_hovering_a_box_shows_its_numbers(open_page: OpenPage) -> None:
    """The hover of AlexNet's first convolution states its MACs: 55 x 55 x 64 x 3 x 11 x 11."""
    page = open_page("inspect_model?model=alexnet")
    click_box(page, 1)
    expect(page.locator(".hoverlayer").first).to_contain_text("MACs 70,276,800")


@pytest.mark.parametrize(
    ("tab", "title"),
    [
        ("Cost by module", "Where the 1.81 G MACs are"),
        ("Cost by layer and stage", "Half of the MACs are done by row"),
        ("Receptive field", "the field is as wide as the input"),
        ("Memory", "Memory peaks at"),
        ("Aliasing", "patterns finer than 64 px are lost or aliased"),
    ],
)
def test_each_tab_draws_its_chart(open_page: OpenPage, wait_until_idle: Wait, tab: str, title: str) -> None:
    """ResNet-18: the chart of a tab is drawn when the tab is opened, under a title that states its finding."""
    page = open_page("inspect_model?model=resnet18")
    page.get_by_role("tab", name=tab, exact=True).click()
    wait_until_idle()
    expect(page.get_by_text(title).first).to_be_visible()
    expect(page.locator(".js-plotly-plot .main-svg").nth(3)).to_be_visible()


def test_witnesses_agree_with_resnet50(open_page: OpenPage, wait_until_idle: Wait, tmp_path: Path) -> None:
    """fvcore's total less batch norm and adaptive pooling is ConvScope's; PyTorch counts the same."""
    page = open_page("inspect_model?model=resnet50")
    page.get_by_text("Do other counters agree?").click()
    wait_until_idle()
    with page.expect_download() as download:
        page.get_by_test_id("stExpander").get_by_text("Table as CSV").click()
    file = tmp_path / "witnesses.csv"
    download.value.save_as(file)
    with file.open(newline="", encoding="utf-8") as opened:
        lines = {(line["witness"], line["quantity"]): line for line in csv.DictReader(opened)}
    assert lines["ConvScope", "macs"]["count"] == "4089184256"
    assert lines["fvcore", "macs"]["count"] == "4111512576"
    assert lines["fvcore", "macs"]["difference"] == str(22_227_968 + 100_352)


def test_a_historical_model_is_chosen_by_its_name(open_page: OpenPage, wait_until_idle: Wait) -> None:
    """LeNet-5 of 1998 takes grey images of 32 pixels: 60,000 parameters, the paper's count."""
    page = open_page("inspect_model?model=resnet18")
    choose_model(page, "LeNet-5 (1998)")
    expect(page.get_by_text("60,000", exact=True)).to_be_visible()
    wait_until_idle()
    assert "model=lenet5" in page.url


def test_paper_or_torchvision(open_page: OpenPage, wait_until_idle: Wait) -> None:
    """The panel names as many differing layers as the library finds, and leads to Compare with both networks."""
    page = open_page("inspect_model?model=alexnet")
    page.get_by_text("Paper or torchvision?").click()
    wait_until_idle()
    reports = [
        analyze(models.build(name), models.card(name).input_shape) for name in ("alexnet_2012", "alexnet")
    ]
    pairs = layer_pairs(*reports)
    differing = sum(bool(pair.differs) for pair in pairs)
    expect(page.get_by_text(f"{differing} of {len(pairs)} layers differ.")).to_be_visible()
    expect(page.get_by_text("convolutions 2, 4 and 5 have two groups")).to_be_visible()
    page.get_by_role("link", name="Both over their depth, in Compare").click()
    wait_until_idle()
    expect(
        page.get_by_text("60,965,224 parameters").or_(page.get_by_text("61.0 M parameters"))
    ).to_be_visible()
    expect(page.get_by_text("AlexNet (2012) at 227 px")).to_be_visible()


def test_too_small_a_size_is_a_sentence_with_a_way_out(open_page: OpenPage, wait_until_idle: Wait) -> None:
    """AlexNet at 17 pixels says which layer fails; its button shows it at 63."""
    page = open_page("inspect_model?model=alexnet&size=17")
    expect(page.get_by_text("The smallest square input that works is 63 x 63.")).to_be_visible()
    page.get_by_role("button", name="Show it at 63 x 63 pixels").click()
    expect(page.get_by_text("61,100,840", exact=True)).to_be_visible()
    wait_until_idle()
    assert "size=63" in page.url


def test_two_tabs_keep_their_own_model(open_page: OpenPage, wait_until_idle: Wait) -> None:
    """A change in one tab does not reach the other."""
    page = open_page("inspect_model?model=alexnet")
    other = page.context.new_page()
    other.goto(page.url.replace("alexnet", "vgg11"))
    expect(other.get_by_text("132,863,336", exact=True)).to_be_visible(timeout=30_000)
    choose_model(page, "ResNet-18")
    expect(page.get_by_text("11,689,512", exact=True)).to_be_visible()
    expect(other.get_by_text("132,863,336", exact=True)).to_be_visible()


def test_table_and_report_download_and_open(open_page: OpenPage, tmp_path: Path) -> None:
    """The CSV has a line for each row of the library's report; the report draws nine charts without a server."""
    page = open_page("inspect_model?model=resnet18")
    with page.expect_download() as table:
        page.get_by_text("Table as CSV, all rows and columns").click()
    table.value.save_as(tmp_path / "layers.csv")
    with (tmp_path / "layers.csv").open(newline="", encoding="utf-8") as opened:
        lines = list(csv.DictReader(opened))
    report = analyze(models.build("resnet18"), (3, 224, 224))
    assert [(line["name"], int(line["macs"])) for line in lines] == [
        (row.name, row.macs) for row in report.rows
    ]
    with page.expect_download() as download:
        page.get_by_text("This page as HTML report").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    page.goto(file.as_uri())
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_have_count(9)
    expect(page.get_by_text("model=resnet18")).to_be_visible()
