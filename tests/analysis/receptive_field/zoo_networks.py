"""Real zoo networks for the probes, and the rows of a report that their modules' outputs belong to."""

from __future__ import annotations

import re
from typing import Any

import torch
import torchvision.models
from torch import nn
from torchvision.ops import SqueezeExcitation

from analysis import Report
from analysis.records import Row

# Modules whose four-dimensional output has its channels last.
_CHANNELS_LAST = {
    "convnext_tiny": r"block\.[1-5]$",
    "swin_t": r"^(features(?!\.0\.0$)|norm)",
    "maxvit_t": r"partition_op|attn_layer|mlp_layer|departition",
}


def real_network(name: str, image_size: int = 224) -> nn.Module:
    """A zoo model in evaluation mode with random weights in real memory."""
    arguments: dict[str, Any] = {}
    if name in ("googlenet", "inception_v3"):
        arguments["init_weights"] = False  # their own initialisation is slow, and announced to change
    if name.startswith("vit"):
        arguments["image_size"] = image_size
    torch.manual_seed(0)
    return torchvision.models.get_model(name, weights=None, **arguments).eval()


def without_gates(model: nn.Module) -> nn.Module:
    """The same network with every squeeze-and-excitation gate replaced by 1."""
    for path, module in list(model.named_modules()):
        if isinstance(module, SqueezeExcitation):
            parent, _, attribute = path.rpartition(".")
            setattr(model.get_submodule(parent), attribute, nn.Identity())
    return model


def channel_dim(name: str, path: str, dimensions: int) -> int | None:
    """The dimension of a module's output that holds the channels of maps or tokens; features stand alone."""
    if dimensions == 2:
        return None
    last = dimensions == 3 or re.search(_CHANNELS_LAST.get(name, "$^"), path)
    return dimensions - 1 if last else 1


def row_of(report: Report, path: str) -> Row | None:
    """The row that writes a module's output: the last one below its path. None for a module that does nothing."""
    if not path:
        return report.rows[report.trace.outputs[0].operation]
    below = [row for row in report.rows if row.module_path == path or row.module_path.startswith(f"{path}.")]
    return below[-1] if below else None
