from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

import models
from analysis import analyze
from analysis.effective_field import effective_fields, noise, unit_index
from analysis.field_measures import FieldMeasures, field_measures
from models.initialised import build_initialised

ALEXNET = "receptive_field?model=alexnet&layer=features.3&unit=13,13&inputs=2"
OpenPage = Callable[..., Page]
Wait = Callable[[], None]


def expected(unit: tuple[int, int]) -> FieldMeasures:
    """The library's numbers of a unit of AlexNet's second convolution, on two images of noise."""
    report = analyze(models.build("alexnet"), (3, 224, 224))
    row = next(row for row in report.rows if row.name == "features.3")
    units = {row.index: unit_index(row, unit)}
    *_, fields = effective_fields(build_initialised("alexnet"), noise((3, 224, 224), 2), units)
    return field_measures(fields[row.index], row, unit)


def headline(page: Page, label: str) -> str:
    """The value of a headline as it stands on the screen."""
    return page.get_by_test_id("stMetric").filter(has_text=label).get_by_test_id("stMetricValue").inner_text()


def test_measures_the_unit_and_the_next_one(open_page: OpenPage, wait_until_idle: Wait) -> None:
    """On a click, and again when another unit is chosen above: the library's numbers and the heat map."""
    page = open_page(ALEXNET)
    page.get_by_role("button", name="Measure the chosen unit").click()
    title = page.get_by_role("heading", name="Unit (13, 13) of features.3 uses")
    expect(title).to_be_visible()
    wait_until_idle()
    numbers = expected((13, 13))
    assert headline(page, "Effective side") == f"{numbers.side:,.1f} px"
    assert headline(page, "Radius") == f"{numbers.radius:,.1f} px"
    assert headline(page, "Theoretical box").replace("\N{NO-BREAK SPACE}", " ") == "100 %"
    expect(page.locator(".st-key-field_effective_chart .heatmaplayer image")).to_be_visible()
    assert "effective=unit" in page.url

    page.get_by_role("slider", name="Row of units").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("heading", name="Unit (12, 13) of features.3 uses")).to_be_visible()
    assert headline(page, "Effective side") == f"{expected((12, 13)).side:,.1f} px"


def test_a_long_measurement_can_be_stopped(open_page: OpenPage, wait_until_idle: Wait) -> None:
    """Stop ends it at its next input; nothing of it is shown, and the link no longer starts it."""
    page = open_page("receptive_field?model=resnet50&layer=layer4.2.conv3&inputs=32")
    page.get_by_role("button", name="Measure the chosen unit").click()
    expect(page.get_by_text("of 32 inputs")).to_be_visible()
    page.get_by_test_id("stMainBlockContainer").get_by_role("button", name="Stop").click()
    expect(page.get_by_text("of 32 inputs")).to_have_count(0)
    wait_until_idle()
    expect(page.get_by_text("Effective side", exact=True)).to_have_count(0)
    assert "effective=off" in page.url


def test_growth_on_a_phone_in_the_dark(open_page: OpenPage) -> None:
    """A link that asks for both measures both: two more charts and a table, nothing wider than the screen."""
    page = open_page(
        "receptive_field?model=squeezenet1_1&size=96&inputs=2&effective=depth", width=420, scheme="dark"
    )
    expect(page.locator(".st-key-field_effective_growth_chart .main-svg").first).to_be_visible()
    expect(page.get_by_text("With depth the effective field goes from")).to_be_visible()
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")
