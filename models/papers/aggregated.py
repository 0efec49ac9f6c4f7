"""The three equivalent forms of a ResNeXt block.

Xie, Girshick, Dollár, Tu, He, "Aggregated Residual Transformations for Deep Neural Networks", arXiv
1611.05431, CVPR 2017, Fig. 3: (a) the outputs of all paths are summed, (b) the paths are concatenated
before a common last layer, (c) one grouped convolution. Each holds as many weights as the others, in
tensors of another shape, and computes the same function. ``load_grouped`` takes the weights of (c).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import torch
from torch import Tensor, nn

from models.papers.residual import projection


class _Aggregated(nn.Module):
    """What the forms share: the shape of the block, its last normalisation and its shortcut."""

    def __init__(self, channels: int, cardinality: int, path_width: int, expanded: int, stride: int) -> None:
        super().__init__()
        self.channels, self.cardinality, self.path_width = channels, cardinality, path_width
        self.expanded, self.stride = expanded, stride
        self.norm3, self.relu3 = nn.BatchNorm2d(expanded), nn.ReLU()
        self.shortcut: nn.Module = nn.Identity()
        if (channels, stride) != (expanded, 1):
            self.shortcut = projection(channels, expanded, stride)

    def residual(self, maps: Tensor) -> Tensor:
        """The sum of all paths (N, expanded, h / stride, w / stride), before the last normalisation."""
        raise NotImplementedError

    def forward(self, maps: Tensor) -> Tensor:
        """y = x + sum of T_i(x), equation (3): maps (N, C, h, w) to (N, expanded, h / stride, w / stride)."""
        return self.relu3(self.norm3(self.residual(maps)) + self.shortcut(maps))


class Grouped(_Aggregated):
    """Fig. 3(c): one 3 x 3 convolution in ``cardinality`` groups between two 1 x 1."""

    def __init__(self, channels: int, cardinality: int, path_width: int, expanded: int, stride: int) -> None:
        super().__init__(channels, cardinality, path_width, expanded, stride)
        width = cardinality * path_width
        self.conv1, self.norm1 = nn.Conv2d(channels, width, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, groups=cardinality, bias=False)
        self.norm2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, expanded, 1, bias=False)
        self.relu1, self.relu2 = nn.ReLU(), nn.ReLU()

    def residual(self, maps: Tensor) -> Tensor:
        """The grouped path."""
        maps = self.relu1(self.norm1(self.conv1(maps)))
        maps = self.relu2(self.norm2(self.conv2(maps)))
        return self.conv3(maps)


class Path(nn.Module):
    """The first two layers of one path: 1 x 1 to ``width`` channels, then 3 x 3."""

    def __init__(self, channels: int, width: int, stride: int) -> None:
        super().__init__()
        self.conv1, self.norm1 = nn.Conv2d(channels, width, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.norm2 = nn.Conv2d(width, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width)
        self.relu1, self.relu2 = nn.ReLU(), nn.ReLU()

    def forward(self, maps: Tensor) -> Tensor:
        """Maps (N, C, h, w) to (N, width, h / stride, w / stride)."""
        maps = self.relu1(self.norm1(self.conv1(maps)))
        return self.relu2(self.norm2(self.conv2(maps)))


class _WithPaths(_Aggregated):
    """Forms (a) and (b): their paths, and how they take the weights of form (c)."""

    def __init__(self, channels: int, cardinality: int, path_width: int, expanded: int, stride: int) -> None:
        super().__init__(channels, cardinality, path_width, expanded, stride)
        self.paths = nn.ModuleList(Path(channels, path_width, stride) for _ in range(cardinality))

    def load_grouped(self, grouped: Grouped) -> None:
        """Take over all weights and statistics of the grouped form, of which each path holds a slice.

        Raises ValueError for a block of another shape.
        """
        mine = (self.channels, self.cardinality, self.path_width, self.expanded, self.stride)
        other = (grouped.channels, grouped.cardinality, grouped.path_width, grouped.expanded, grouped.stride)
        if mine != other:
            raise ValueError(
                f"A block of {mine} cannot take the weights of one of {other}: choose the same channels, "
                "cardinality, path width, output channels and stride."
            )
        own, theirs = self.state_dict(), grouped.state_dict()
        taken: dict[str, Tensor] = {key: theirs[key] for key in own if key in theirs}
        for index in range(self.cardinality):
            span = slice(index * self.path_width, (index + 1) * self.path_width)
            for key in self.paths[index].state_dict():
                shared = theirs[key]
                taken[f"paths.{index}.{key}"] = shared[span] if shared.ndim else shared
        taken.update(self._last_weights(theirs["conv3.weight"]))
        self.load_state_dict(taken)

    def _last_weights(self, weight: Tensor) -> Mapping[str, Tensor]:
        raise NotImplementedError


class AggregatedPaths(_WithPaths):
    """Fig. 3(a): each path ends in a 1 x 1 convolution of its own, and the paths are summed."""

    def __init__(self, channels: int, cardinality: int, path_width: int, expanded: int, stride: int) -> None:
        super().__init__(channels, cardinality, path_width, expanded, stride)
        self.lasts = nn.ModuleList(nn.Conv2d(path_width, expanded, 1, bias=False) for _ in range(cardinality))

    def residual(self, maps: Tensor) -> Tensor:
        """The sum of the paths; its normalisation follows the sum, as section 4 says."""
        total, *others = (last(path(maps)) for path, last in zip(self.paths, self.lasts, strict=True))
        for other in others:
            total = total + other
        return total

    def _last_weights(self, weight: Tensor) -> Mapping[str, Tensor]:
        slices: Iterator[Tensor] = iter(weight.split(self.path_width, dim=1))
        return {f"lasts.{index}.weight": part for index, part in enumerate(slices)}


class EarlyConcatenation(_WithPaths):
    """Fig. 3(b): the paths are concatenated and end in one common 1 x 1 convolution."""

    def __init__(self, channels: int, cardinality: int, path_width: int, expanded: int, stride: int) -> None:
        super().__init__(channels, cardinality, path_width, expanded, stride)
        self.conv3 = nn.Conv2d(cardinality * path_width, expanded, 1, bias=False)

    def residual(self, maps: Tensor) -> Tensor:
        """The common last convolution of the concatenated paths."""
        return self.conv3(torch.cat([path(maps) for path in self.paths], dim=1))

    def _last_weights(self, weight: Tensor) -> Mapping[str, Tensor]:
        return {"conv3.weight": weight}
