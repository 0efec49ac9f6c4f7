from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from fractions import Fraction
from itertools import pairwise

import pytest
import torch
from torch import Tensor, nn

from analysis import analyze
from analysis.row_counterpart import counterpart
from analysis.shift_test import Output, Progress, ShiftTest, along, consistency, over_grid, shift_test
from models.blur_pooling import blur_pooling
from models.circular_padding import with_circular_padding
from models.initialised import build_initialised

J4 = (Fraction(4), Fraction(4))


def result(test: Iterator[Progress | ShiftTest]) -> ShiftTest:
    """The last that a test yields."""
    *_, last = test
    assert isinstance(last, ShiftTest)
    return last


def cosines(test: ShiftTest) -> list[float]:
    """The distances of angles, of which none may be missing."""
    return [distance.cosine for distance in test.distances if distance is not None]


def noise(size: int) -> Tensor:
    """A picture (1, 3, size, size) whose amplitude falls as 1 / f, as that of photographs does; it has no seam."""
    white = torch.randn(1, 3, size, size, generator=torch.Generator().manual_seed(0))
    frequency = torch.fft.fftfreq(size)
    radius = (frequency[:, None] ** 2 + frequency[None, :] ** 2).sqrt()
    radius[0, 0] = 1
    picture = torch.fft.ifft2(torch.fft.fft2(white) / radius).real
    return (picture - picture.mean()) / picture.std()


def small_network() -> nn.Sequential:
    """Two strides of 2 and no padding anywhere; 10 scores from the mean of the last map."""
    network = nn.Sequential(
        nn.Conv2d(3, 8, 3, 2), nn.ReLU(), nn.Conv2d(8, 16, 3), nn.ReLU(), nn.MaxPool2d(2), nn.AdaptiveAvgPool2d(1),
        nn.Flatten(), nn.Linear(16, 10),
    ).eval()  # fmt: skip
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator) / parameter[0].numel() ** 0.5)
    return network


def test_without_padding_multiples_of_the_stride_change_nothing() -> None:
    """A window cut out of a picture: 0, 4, 8, ... pixels give the map, moved; those in between do not."""
    test = result(
        shift_test(small_network(), noise(96), along("right", 16), Output(4, 7, (14, 14), J4), size=(64, 64))
    )
    far = cosines(test)
    assert len(far) == 17
    assert all(distance < 1e-6 for distance in far[::4])
    assert all(distance > 0.01 for index, distance in enumerate(far) if index % 4)
    assert (test.stride, test.shifts[3]) == (J4, (0, 3))


# VGG-11 and ResNet-18 with random weights on such noise, measured once with another seed and implementation:
# 0.242 and 0.315 at 1 pixel, 0.554 and 0.788 at 16, 0 at 32; with blurs of 3 taps 0.028 and 0.030, 0.257 and 0.293.
@pytest.mark.parametrize(
    ("name", "plain", "blurred"),
    [("vgg11", (0.242, 0.554), (0.028, 0.257)), ("resnet18", (0.315, 0.788), (0.030, 0.293))],
)
def test_blurs_let_features_move_along(
    name: str, plain: tuple[float, float], blurred: tuple[float, float]
) -> None:
    """On a picture without borders the last map moves along exactly by 32 pixels, and with blurs nearly by 1."""
    network = build_initialised(name)
    shape = (3, 224, 224)
    before = analyze(network, shape)
    row = [row for row in before.rows if row.map_size == (7, 7) and row.effective_stride is not None][-1]
    for changed, expected in ((network, plain), (blur_pooling(network, 3, shape).model, blurred)):
        wrapping = with_circular_padding(changed, shape)
        report = analyze(wrapping, shape)
        output = Output(
            counterpart(row, before, report).index, len(report.rows) - 1, row.map_size, row.effective_stride
        )
        shifts = ((0, 0), (1, 1), (16, 16), (32, 32))
        test = result(shift_test(wrapping, noise(224), shifts, output, size=(224, 224), wraps=True, batch=2))
        none, one, half, whole = cosines(test)
        assert none == 0
        assert whole == pytest.approx(0, abs=1e-9)
        assert one == pytest.approx(expected[0], rel=0.25)
        assert half == pytest.approx(expected[1], rel=0.25)


def test_batches_make_no_difference() -> None:
    """The same distances and first places, one window at a time or five; the grid begins at no shift."""
    grid = over_grid(8, 4)
    assert grid[:4] == ((0, 0), (0, 4), (0, 8), (4, 0))
    tests = [
        result(
            shift_test(
                small_network(), noise(80), grid, Output(4, 7, (14, 14), J4), size=(64, 64), batch=batch
            )
        )
        for batch in (1, 5)
    ]
    assert cosines(tests[0]) == pytest.approx(cosines(tests[1]), abs=1e-6)
    assert tests[0].first_places == tests[1].first_places
    assert tests[0].consistency == consistency(tests[0].first_places)


def test_scores_are_compared_without_positions() -> None:
    """Scores of a mean over all positions of a picture without borders do not change at multiples of the stride."""
    network = with_circular_padding(
        nn.Sequential(*list(small_network())[:5], nn.AdaptiveAvgPool2d(1), nn.Flatten()), (3, 64, 64)
    )
    last = len(analyze(network, (3, 64, 64)).rows) - 1
    test = result(
        shift_test(
            network, noise(64), along("down", 8), Output(last, last, None, None), size=(64, 64), wraps=True
        )
    )
    assert test.stride is None
    assert all((distance < 1e-6) is (index % 4 == 0) for index, distance in enumerate(cosines(test)))


def test_channels_may_come_last() -> None:
    """A map (h, w, channels) is at the distances of the same map with channels first."""

    class Last(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layers = nn.Sequential(*list(small_network())[:5])

        def forward(self, image: Tensor) -> Tensor:
            return self.layers(image).permute(0, 2, 3, 1)

    last, first = (
        result(
            shift_test(network, noise(70), along("right", 6), Output(row, row, (14, 14), J4), size=(64, 64))
        )
        for network, row in ((Last().eval(), 5), (small_network(), 4))
    )
    assert cosines(last) == pytest.approx(cosines(first), abs=1e-6)


def test_progress_grows_and_can_be_left() -> None:
    """Reports count the shifts; a caller that stops asking leaves the rest undone, and weights are untouched."""
    network = small_network()
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    output = Output(4, 7, (14, 14), J4)
    reports = [
        report.done
        for report in shift_test(network, noise(80), along("diagonal", 9), output, size=(64, 64), batch=4)
        if isinstance(report, Progress)
    ]
    assert reports == [0, 4, 8, 10]
    assert all(later > earlier for earlier, later in pairwise(reports))
    with closing(shift_test(network, noise(80), along("diagonal", 9), output, size=(64, 64))) as some:
        assert next(some) == Progress(0, 10)
    assert all(torch.equal(tensor, before[name]) for name, tensor in network.state_dict().items())


def test_consistency_counts_pairs() -> None:
    """Three equal of four: 3 of 6 pairs; all equal: 1; all different: 0; a single one agrees with itself."""
    assert consistency([5, 5, 5, 7]) == 0.5
    assert (consistency([1, 1, 1]), consistency([1, 2, 3]), consistency([1])) == (1, 0, 1)


def test_a_small_picture_is_a_sentence() -> None:
    """It says what is needed."""
    test = shift_test(
        small_network(), noise(70), along("down", 16), Output(4, 7, (14, 14), J4), size=(64, 64)
    )
    with pytest.raises(ValueError, match="The picture has 70 x 70 pixels and needs 80 x 64 for these shifts"):
        next(test)
