from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

import models
from analysis import Report, analyze
from analysis.receptive_field.questions import units_that_see, units_within
from analysis.receptive_field.units import seen_by, unit_grid

ALEXNET = "receptive_field?model=alexnet&layer=features.12"
UNIT_CHART = ".st-key-field_unit_chart"
BOX_CHART = ".st-key-field_box_chart"


@cache
def report(name: str) -> Report:
    """The library's report at 224 pixels."""
    return analyze(models.build(name), (3, 224, 224))


def boxes(page: Page) -> dict[str, tuple[int, ...]]:
    """The table of boxes as it stands on the screen."""
    lines = page.locator("table tr").all_inner_texts()
    cells = [line.split("\t") for line in lines[1:]]
    return {name: tuple(int(number) for number in numbers if number) for name, *numbers in cells}


def at(page: Page, chart: str, row: float, column: float) -> tuple[float, float]:
    """Where a pixel of the picture lies on the screen, which is scrolled to it."""
    page.locator(chart).scroll_into_view_if_needed()
    place = page.locator(f"{chart} .nsewdrag").bounding_box()
    assert place is not None
    x, y = page.evaluate(
        """([chart, row, column]) => {
          const layout = document.querySelector(`${chart} .js-plotly-plot`)._fullLayout;
          return [layout.xaxis.d2p(column), layout.yaxis.d2p(row)];
        }""",
        [chart, row, column],
    )
    return place["x"] + x, place["y"] + y


def drag(page: Page, chart: str, first: tuple[float, float], last: tuple[float, float]) -> None:
    """Drag a rectangle between two pixels (row, column) of the picture."""
    start, end = at(page, chart, *first), at(page, chart, *last)
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=3)
    page.mouse.move(*end, steps=3)
    page.mouse.up()


def png(image: Image.Image) -> bytes:
    """The bytes of a PNG file."""
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


def upload(page: Page, name: str, data: bytes) -> None:
    """Give the page a file."""
    page.locator('input[type="file"]').set_input_files(
        {"name": name, "mimeType": "image/png", "buffer": data}
    )


@pytest.mark.parametrize(("width", "scheme"), [(1400, "light"), (1400, "dark"), (420, "dark")])
def test_opens_with_all_charts_and_within_the_screen(
    open_page: Callable[..., Page], width: int, scheme: str
) -> None:
    """Two curves, two pictures, a map; nothing is wider than the screen; no error in the console."""
    page = open_page("receptive_field", width=width, scheme=scheme)
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_have_count(5)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    expect(page.get_by_text("427 x 427 px").first).to_be_visible()


def test_a_click_on_a_unit_shows_the_librarys_box(open_page: Callable[..., Page]) -> None:
    """Units of AlexNet's last map, clicked where they look: the boxes of ReceptiveField.box."""
    page = open_page(ALEXNET)
    row = next(row for row in report("alexnet").rows if row.name == "features.12")
    assert row.field is not None
    for unit in ((0, 0), (4, 1)):
        page.mouse.click(*at(page, UNIT_CHART, 31 + 32 * unit[0], 31 + 32 * unit[1]))
        expect(page.get_by_text(f"Unit {unit} of features.12 sees")).to_be_visible()
        assert boxes(page)["on the picture"] == row.field.box((0, 0, *unit))
        page.wait_for_url(f"**unit={unit[0]}%2C{unit[1]}**")
    assert boxes(page)["unbounded input"] == (62, -34, 256, 160)


def test_dragging_over_units_shows_their_union(open_page: Callable[..., Page]) -> None:
    """The units that look into the rectangle, and the box that they see together."""
    page = open_page("receptive_field?model=alexnet&layer=features.5")
    page.get_by_text("Several units", exact=True).click()
    expect(page.get_by_text("Drag a rectangle over the picture: the units")).to_be_visible()
    row = next(row for row in report("alexnet").rows if row.name == "features.5")
    grid = unit_grid(row)
    assert grid is not None and row.local_field is not None
    first, last = units_within(row.local_field, grid, (60, 40, 120, 150))
    drag(page, UNIT_CHART, (60, 40), (120, 150))
    expect(page.get_by_text(f"Units {first} to {last} of features.5 see")).to_be_visible()
    assert boxes(page)["on the picture"] == seen_by(row.local_field, grid, first, last).box


def test_a_click_on_the_curve_chooses_the_layer(open_page: Callable[..., Page]) -> None:
    """The point of conv3 (depth 5, 99 pixels): the layer, its units, the URL."""
    page = open_page(ALEXNET)
    point = page.locator(".st-key-field_growth path.point").nth(4)
    point.scroll_into_view_if_needed()
    place = point.bounding_box()
    assert place is not None
    page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    expect(page.get_by_text("Unit (6, 6) of features.6 sees 99 x 99 pixels")).to_be_visible()
    page.wait_for_url("**layer=features.6**")


def test_a_box_on_the_picture_asks_who_sees_it(open_page: Callable[..., Page]) -> None:
    """A dragged rectangle becomes whole pixels; the units that see it are those that the library names."""
    page = open_page("receptive_field?model=alexnet&layer=features.2")
    drag(page, BOX_CHART, (20.2, 30.3), (80.4, 60.1))
    expect(page.get_by_text("Who sees rows 20 to 80, columns 30 to 60?")).to_be_visible()
    row = next(row for row in report("alexnet").rows if row.name == "features.2")
    grid = unit_grid(row)
    assert grid is not None and row.local_field is not None
    answer = units_that_see(row.local_field, grid, (20, 30, 80, 60))
    numbers = page.get_by_test_id("stMetricValue").all_inner_texts()[-3:]
    assert numbers == [f"{mask.sum()}" for mask in (answer.some, answer.every, answer.only)]
    page.wait_for_url("**box=20%2C30%2C80%2C60**")


def test_an_uploaded_picture_is_looked_through(
    open_page: Callable[..., Page], wait_until_idle: Callable[[], None]
) -> None:
    """A red file, turned by EXIF: its middle is what the chart shows, and the boxes stay those of the network."""
    page = open_page(f"{ALEXNET}&picture=own&unit=2,2")
    image = Image.new("RGB", (300, 200), "red")
    exif = image.getexif()
    exif[0x0112] = 6
    data = io.BytesIO()
    image.save(data, "PNG", exif=exif)
    source = f"document.querySelector('{UNIT_CHART} .js-plotly-plot')._fullLayout.images[0].source"
    before = page.evaluate(source)
    upload(page, "red.png", data.getvalue())
    expect(page.get_by_text("Until there is one")).to_have_count(0)
    wait_until_idle()
    assert page.evaluate(source) != before
    row = next(row for row in report("alexnet").rows if row.name == "features.12")
    assert row.field is not None
    assert boxes(page)["on the picture"] == row.field.box((0, 0, 2, 2))


def test_broken_files_are_sentences(open_page: Callable[..., Page]) -> None:
    """Cut short, no picture, too many pixels: each says what to do, and the page goes on with the cat."""
    page = open_page("receptive_field?model=alexnet&picture=own", width=420)
    noise = Image.effect_noise((64, 64), 90)
    too_large = bytearray(png(Image.new("L", (8, 8))))
    too_large[16:24] = (9000).to_bytes(4, "big") * 2  # width and height in the header
    too_large[29:33] = _crc(bytes(too_large[12:29]))
    for name, data, sentence in (
        ("half.png", png(noise)[:800], "half.png is damaged or cut short and cannot be read"),
        (
            "text.png",
            b"hello",
            "text.png is not a picture in a format known here: PNG, JPEG, WEBP, BMP, TIFF, GIF.",
        ),
        ("huge.png", bytes(too_large), "huge.png has 9,000 x 9,000 pixels, more than can be taken"),
    ):
        upload(page, name, data)
        expect(page.get_by_text(sentence)).to_be_visible()
        expect(page.get_by_text("Until there is one, this is shown with the picture “Cat”.")).to_be_visible()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 420


def test_a_pasted_picture_is_taken(
    open_page: Callable[..., Page], wait_until_idle: Callable[[], None]
) -> None:
    """From the clipboard into the field, then Enter."""
    page = open_page("receptive_field?model=alexnet&picture=own&picture_from=paste")
    field = page.get_by_placeholder("Click here, press Ctrl+V (or ⌘V), then Enter")
    field.click()
    field.evaluate(
        """(field, bytes) => {
          const clipboard = new DataTransfer();
          clipboard.items.add(new File([new Uint8Array(bytes)], "image.png", {type: "image/png"}));
          field.dispatchEvent(new ClipboardEvent("paste", {clipboardData: clipboard, bubbles: true}));
        }""",
        list(png(Image.new("RGB", (40, 40), "lime"))),
    )
    expect(page.get_by_text("image.png")).to_be_visible()
    waiting = page.get_by_text("Until there is one")
    for _ in range(
        30
    ):  # Enter does nothing until the picture has reached the server, which the page does not say
        field.press("Enter")
        page.wait_for_timeout(500)
        if not waiting.count():
            break
    expect(waiting).to_have_count(0)
    wait_until_idle()


def test_csv_and_report(open_page: Callable[..., Page], tmp_path: Path) -> None:
    """The table in full; a file with all charts, which knows the unit that was clicked last and the link to it."""
    page = open_page(ALEXNET)
    page.mouse.click(*at(page, UNIT_CHART, 31, 63))
    expect(page.get_by_text("Unit (0, 1) of features.12 sees")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_text("Table as CSV").click()
    download.value.save_as(tmp_path / "fields.csv")
    assert (
        (tmp_path / "fields.csv")
        .read_text(encoding="utf-8")
        .splitlines()[-2]
        .startswith("12,features.12,pooling,8,6,6,195,195,163,163,32.0,32.0,66,66,False,False,False")
    )
    with page.expect_download() as download:
        page.get_by_text("This page as HTML report").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    page.goto(file.as_uri())
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    assert page.locator(".js-plotly-plot").count() == 5
    expect(page.get_by_text("Unit (0, 1) of features.12 sees 129 x 161 pixels")).to_be_visible()
    expect(page.get_by_text("unit=0,1")).to_be_visible()


def _crc(data: bytes) -> bytes:
    import zlib

    return zlib.crc32(data).to_bytes(4, "big")
