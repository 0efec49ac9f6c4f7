"""Where a historical model coincides with torchvision's, both compute the same scores with the same weights."""

from __future__ import annotations

import pytest
import torch
import torchvision.models
from torch import Tensor, nn

import models
from models.papers.construction import paper_constructor


def weights_by_shape_and_order(theirs: nn.Module, ours: nn.Module) -> dict[str, Tensor]:
    """torchvision's tensors under our names: both register their layers in the order in which they run."""
    names, tensors = list(ours.state_dict()), list(theirs.state_dict().values())
    return dict(zip(names, tensors, strict=True))


def weights_by_name(theirs: nn.Module, ours: nn.Module) -> dict[str, Tensor]:
    """torchvision's tensors under our names: stages from conv2_x, normalisations and shortcuts are called so."""
    renamed = {}
    for name, tensor in theirs.state_dict().items():
        ours_name = name.replace("bn", "norm").replace("downsample", "shortcut")
        for stage in (1, 2, 3, 4):
            ours_name = ours_name.replace(f"layer{stage}.", f"conv{stage + 1}_x.")
        renamed[ours_name] = tensor
    assert renamed.keys() == ours.state_dict().keys()
    return renamed


@pytest.mark.parametrize(
    ("name", "twin", "renamed"),
    [
        ("resnet18_v1_b", "resnet18", weights_by_name),
        ("resnet50_v1_5", "resnet50", weights_by_name),
        ("resnext50_32x4d_2016", "resnext50_32x4d", weights_by_name),
        ("densenet121_2016", "densenet121", weights_by_shape_and_order),
        ("vgg11_a", "vgg11", weights_by_shape_and_order),
    ],
)
def test_scores_agree(name: str, twin: str, renamed: object) -> None:
    """One random image at 224 x 224 through both, in evaluation mode."""
    torch.manual_seed(0)
    theirs = torchvision.models.get_model(twin, weights=None).eval()
    ours = paper_constructor(models.card(name))().eval()
    assert callable(renamed)
    ours.load_state_dict(renamed(theirs, ours))
    image = torch.randn(1, 3, 224, 224)
    with torch.inference_mode():
        expected, found = theirs(image), ours(image)
    assert expected.std() > 0
    assert torch.allclose(found, expected, rtol=1e-4, atol=1e-4 * expected.std().item())


def test_the_stride_of_v1_changes_the_function() -> None:
    """With the very weights of torchvision's ResNet-50, v1 gives other scores: it reads other positions."""
    torch.manual_seed(0)
    theirs = torchvision.models.resnet50(weights=None).eval()
    ours = paper_constructor(models.card("resnet50_v1"))().eval()
    ours.load_state_dict(weights_by_name(theirs, ours))
    image = torch.randn(1, 3, 64, 64)
    with torch.inference_mode():
        expected, found = theirs(image), ours(image)
    assert (found - expected).abs().max() > 0.01 * expected.std()
