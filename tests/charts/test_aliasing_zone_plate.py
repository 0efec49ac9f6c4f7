from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

from analysis.low_pass_filters import binomial_response
from analysis.zone_plate import FILTERS, SIZE, sampled_plate, zone_plate
from charts.aliasing_zone_plate import filter_responses_chart, plate_chart, sampled_chart


def pixels(source: str) -> np.ndarray:
    """The grey values of a picture in a URI."""
    data = base64.b64decode(source.removeprefix("data:image/png;base64,"))
    return np.asarray(Image.open(io.BytesIO(data)))


def test_the_plate_is_a_map_of_frequencies() -> None:
    """White in its centre, which is frequency 0; a ring and a square at f*."""
    chart = plate_chart(zone_plate(), SIZE, 0.25)
    (image,) = chart.data
    grey = pixels(image.source)
    assert grey.shape == (SIZE, SIZE)
    assert grey[SIZE // 2, SIZE // 2] == 255
    assert image.x0 + SIZE / 2 * image.dx == pytest.approx(0)
    assert {shape.type for shape in chart.layout.shapes} == {"rect", "circle"}
    assert all((shape.x0, shape.x1) == (-0.25, 0.25) for shape in chart.layout.shapes)


@pytest.mark.parametrize("name", FILTERS)
def test_false_rings_are_marked_where_they_have_contrast(name: str) -> None:
    """For S = 3 at multiples of 1/3: all of 8 without a filter, none behind a box or the ideal one."""
    plate = sampled_plate(name, 3)
    chart = sampled_chart("Filter", plate)
    image, *centres = chart.data
    marked = {
        (round(3 * x), round(3 * y)) for trace in centres for x, y in zip(trace.x, trace.y, strict=True)
    }
    expected = {"none": 8, "box": 0, "binomial_3": 8, "binomial_5": 4, "binomial_7": 0, "ideal": 0}[name]
    assert len(marked) == expected
    assert all(max(abs(x), abs(y)) == 1 for x, y in marked)
    assert np.abs(pixels(image.source) / 127.5 - 1 - np.clip(plate.drawn, -1, 1)).max() < 0.005
    assert chart.layout.title.text == (
        "Filter: no moiré"
        if name == "ideal"
        else f"Filter: {100 * plate.aliased_share:.3g}\N{NO-BREAK SPACE}% moiré"
    )


def test_an_even_filter_moves_the_samples_by_half_a_pixel() -> None:
    """The picture behind a box of 2 begins half a pixel further on."""
    box, none = (sampled_chart("", sampled_plate(name, 2)).data[0] for name in ("box", "none"))
    assert box.x0 - none.x0 == pytest.approx(0.5 / SIZE)


def test_responses_are_drawn_over_the_limit() -> None:
    """One line a filter, |H| by frequency, and what lies beyond f* shaded."""
    frequencies = np.linspace(0, 0.5, 11)
    response = binomial_response(3, frequencies)
    chart = filter_responses_chart(frequencies, {"binomial_3": ("Three", response)}, 0.125)
    (line,) = chart.data
    assert line.name == "Three"
    assert np.allclose(line.y, response)
    assert {shape.x0 for shape in chart.layout.shapes} == {0.125}
