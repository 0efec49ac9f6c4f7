from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

import models
from analysis import analyze
from analysis.shift_test import Output, ShiftTest, along, shift_test
from models.blur_pooling import blur_pooling
from models.circular_padding import with_circular_padding
from models.initialised import build_initialised
from ui.model_input import normalised, square
from ui.picture_file import shipped

OpenPage = Callable[..., Page]
Wait = Callable[[], None]
MOVE = "Move the picture: 33 windows, 2 networks"
LINK = "aliasing?model=resnet20_cifar&size=32&edges=wrapped&path=right&shift_layer=scores"


@pytest.fixture(scope="module")
def one_pixel() -> str:
    """What a shift by one pixel does to the scores of ResNet-20, wrapped around, as the page writes it."""
    card = models.card("resnet20_cifar")
    network = with_circular_padding(build_initialised(card.name), card.input_shape)
    last = len(analyze(network, card.input_shape).rows) - 1
    picture = normalised(square(shipped("bricks").pixels, 32), card)
    output = Output(last, last, None, None)
    *_, found = shift_test(network, picture, along("right"), output, size=(32, 32), wraps=True)
    assert isinstance(found, ShiftTest)
    assert found.distances[1] is not None
    return f"One pixel moves the output by {found.distances[1].cosine:.3g}, behind blurs by"


def test_a_shift_on_the_screen_is_the_librarys(
    open_page: OpenPage, wait_until_idle: Wait, one_pixel: str
) -> None:
    """The cost of the blurs, then the run on its button: curve and headline numbers; on a phone nothing is too wide."""
    page = open_page(LINK)
    after = analyze(blur_pooling(models.build("resnet20_cifar"), 3, (3, 32, 32)).model, (3, 32, 32)).totals
    expect(page.get_by_text(f"{after.macs:,} instead of")).to_be_visible()
    page.get_by_text(MOVE).click()
    expect(page.get_by_text(one_pixel)).to_be_visible(timeout=60_000)
    wait_until_idle()
    points = page.locator('[class*="st-key-aliasing_shift_curve"] .scatterlayer .point')
    expect(points).to_have_count(66)
    expect(page.get_by_text("Consistency, with blurs")).to_be_visible()
    page.set_viewport_size({"width": 420, "height": 1000})
    wait_until_idle()
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")


def test_a_run_can_be_stopped(open_page: OpenPage, wait_until_idle: Wait) -> None:
    """Stop ends it, nothing is kept of it, and the button is back."""
    page = open_page("aliasing?model=resnet18&size=224")
    page.get_by_text(MOVE).click()
    page.get_by_role("button", name="Stop").last.click()
    wait_until_idle()
    expect(page.get_by_text(MOVE)).to_be_visible()
    expect(page.get_by_text("Consistency, with blurs")).to_have_count(0)
