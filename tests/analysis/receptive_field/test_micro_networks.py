"""Every unit of every micro-network sees the box that the gradient of the real network shows."""

from __future__ import annotations

from itertools import product

import micro_branches  # noqa: F401  (defines micro-networks)
import micro_chains  # noqa: F401
import pytest
from gradient_probe import GradientProbe, Index
from micro_network import MicroNetwork, micro_networks

from analysis import analyze
from analysis.receptive_field.propagate import receptive_fields
from analysis.records import Status


FILES = ("micro_chains", "micro_branches")
NETWORKS = [network for file in FILES for network in micro_networks(file)]


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: network.__name__)
def test_every_unit_sees_the_box_of_its_gradient(network: type[MicroNetwork]) -> None:
    """Unit by unit, border units included, for each image among the inputs."""
    model = network()
    report = analyze(model, network.shapes)
    (output,) = report.trace.outputs
    probe = GradientProbe(model, *network.shapes)
    shape = tuple(probe.outputs[""].shape)
    assert report.rows[output.operation].output_shape == shape
    for image, sights in enumerate(receptive_fields(report.trace)):
        field = sights[output].strict
        assert field.status is Status.EXACT
        for unit in product(
            *(range(1 if dim == network.channel_dim else size) for dim, size in enumerate(shape))
        ):
            index: Index = tuple(
                slice(None) if dim == network.channel_dim else at for dim, at in enumerate(unit)
            )
            assert field.box(unit) == probe.box("", index, image), f"image {image}, unit {unit}"
