"""Every unit of every micro-network sees the box that the gradient of the real network shows."""

from __future__ import annotations

from importlib import import_module
from itertools import product

import pytest
from gradient_probe import GradientProbe, Index, contains
from micro_network import MicroNetwork, micro_networks

from analysis import analyze
from analysis.receptive_field.propagate import receptive_fields
from analysis.records import Status

FILES = (
    "micro_chains", "micro_branches", "micro_channels", "micro_gates", "micro_resampling", "micro_padding",
    "micro_movements", "micro_tokens", "micro_attention",
)  # fmt: skip
NETWORKS = [network for file in FILES for network in micro_networks(import_module(file))]


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: network.__name__)
def test_every_unit_sees_the_box_of_its_gradient(network: type[MicroNetwork]) -> None:
    """Unit by unit, border units included, for each image among the inputs; a bound holds the box."""
    model = network()
    trace = analyze(model, network.shapes).trace
    (output,) = trace.outputs
    probe = GradientProbe(model, *network.shapes)
    shape = tuple(probe.outputs[""].shape)
    assert trace.operations[output.operation].outputs[output.output].shape == shape
    for image, sights in enumerate(receptive_fields(trace)):
        field = sights[output].strict
        assert field.status is network.status
        assert field.reason or field.status is Status.EXACT
        for unit in product(
            *(range(1 if dim == network.channel_dim else size) for dim, size in enumerate(shape))
        ):
            index: Index = tuple(
                slice(None) if dim == network.channel_dim else at for dim, at in enumerate(unit)
            )
            ours, theirs = field.box(unit), probe.box("", index, image)
            if field.status is Status.EXACT:
                assert ours == theirs, f"image {image}, unit {unit}"
            else:
                assert contains(ours, theirs), f"image {image}, unit {unit}: {ours} lacks part of {theirs}"
