from __future__ import annotations

import pytest

import models
from analysis import analyze
from analysis.row_counterpart import counterpart
from models.blur_pooling import blur_pooling
from models.circular_padding import with_circular_padding


# A pooling's own map is dense after the surgery, and its blur has the old size; an average pooling is a blur itself.
@pytest.mark.parametrize(
    ("name", "row", "found"),
    [
        ("vgg11", "features.20", "features.20.blur.conv2d"),
        ("vgg11", "features.19", "features.19"),
        ("resnet18", "layer1.1.relu:2", "layer1.1.relu:2"),
        ("resnet18", "layer4.1.relu:2", "layer4.1.relu:2"),
        ("resnet18", "conv1", "relu.blur_after.conv2d"),
        ("densenet121", "features.transition1.pool", "features.transition1.pool.conv2d"),
        ("googlenet", "inception5b.cat", "inception5b.cat"),
        ("alexnet", "classifier.6", "classifier.6"),
    ],
)
@pytest.mark.parametrize("wraps", [False, True])
def test_rows_of_a_network_with_blurs(name: str, row: str, found: str, wraps: bool) -> None:
    """The row that gives the same map, whether or not the changed network wraps around as well."""
    original = models.build(name)
    changed = blur_pooling(original).model
    if wraps:
        changed = with_circular_padding(changed, (3, 224, 224))
    before, after = analyze(original, (3, 224, 224)), analyze(changed, (3, 224, 224))
    wanted = next(line for line in before.rows if line.name == row)
    twin = counterpart(wanted, before, after)
    assert twin.output_shape == wanted.output_shape
    base = found.removesuffix(".conv2d")
    assert twin.name == found or (wraps and twin.name.startswith(base))


def test_a_row_without_a_counterpart_is_a_sentence() -> None:
    """Another network has no such place."""
    before, after = (analyze(models.build(name), (3, 224, 224)) for name in ("vgg11", "resnet18"))
    with pytest.raises(ValueError, match=r"no row in the place of 'features\.20'"):
        counterpart(next(line for line in before.rows if line.name == "features.20"), before, after)
