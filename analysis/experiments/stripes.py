"""Three small networks learn whether a red and a blue stripe cross: one tower, two towers, two that shuffle.

They are the same but for ``groups`` of their convolutions and, in the third, a channel shuffle between
them (Zhang et al. 2018, "ShuffleNet", section 3.1). :mod:`analysis.experiments.stripes_task` shows
why the second cannot learn it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Generator
from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own name for it
from threadpoolctl import threadpool_limits
from torch import Tensor, nn
from torch.nn.utils import skip_init

from analysis.experiments.stripes_task import Task, balanced_accuracy, stripes_task

LEARNING_RATE = 0.02
REPORTS = 20


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the three networks: the groups of its convolutions, and whether channels are shuffled between them."""

    name: str
    groups: int
    shuffled: bool


KINDS = (
    Kind("groups = 1", groups=1, shuffled=False),
    Kind("groups = 2", groups=2, shuffled=False),
    Kind("groups = 2 with shuffle", groups=2, shuffled=True),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What decides a training: places in a row of the grid, channels of each convolution, steps, seed."""

    grid: int
    channels: int
    steps: int
    seed: int


@dataclass(frozen=True, slots=True)
class Training:
    """How far a training has come, for each of :data:`KINDS`.

    ``accuracies`` are the balanced accuracies over all pictures after each of ``steps``, which begin at 0;
    ``scores`` those of all pictures, (n^2,), after the last of these; above 0 is the answer "they cross".
    """

    steps: tuple[int, ...]
    accuracies: tuple[tuple[float, ...], ...]
    scores: tuple[tuple[float, ...], ...]

    def right_from(self, network: int) -> int | None:
        """The first reported step from which a network answers every picture rightly; None where it does not."""
        first = None
        for step, accuracy in zip(self.steps, self.accuracies[network], strict=True):
            if accuracy < 1:
                first = None
            elif first is None:
                first = step
        return first


def build_network(kind: Kind, channels: int) -> nn.Module:
    """Pictures (N, 2, h, w) to scores (N, 1); its weights have no values yet.

    Both convolutions are 3 x 3 and keep the size; global average pooling and one linear unit follow.
    With 8 channels and one group it has 152 + 584 + 9 = 745 parameters. Raises ValueError for an odd
    number of channels, which does not split into two towers.
    """
    if channels < 1 or channels % 2:
        raise ValueError(f"{channels} channels do not split into two towers: choose an even number.")
    mixing = OrderedDict(shuffle=nn.ChannelShuffle(2)) if kind.shuffled else OrderedDict[str, nn.Module]()
    return nn.Sequential(
        OrderedDict(
            first=skip_init(nn.Conv2d, 2, channels, 3, padding=1, groups=kind.groups),
            relu1=nn.ReLU(),
            **mixing,
            second=skip_init(nn.Conv2d, channels, channels, 3, padding=1, groups=kind.groups),
            relu2=nn.ReLU(),
            pool=nn.AdaptiveAvgPool2d(1),  # channels x 1 x 1
            flatten=nn.Flatten(),
            score=skip_init(nn.Linear, channels, 1),
        )
    )


def initialise(network: nn.Module, generator: torch.Generator) -> None:
    """Weights by He et al. (2015), biases 0, drawn from ``generator`` alone."""
    for parameter in network.parameters():
        if parameter.ndim == 1:
            nn.init.zeros_(parameter)
        else:
            nn.init.kaiming_uniform_(parameter, nonlinearity="relu", generator=generator)


def train(settings: Settings) -> Generator[Training, None, None]:
    """Train the three networks side by side on the same pictures; yield 21 times, before, during and after.

    A step is one of Adam's on the cross entropy over all n crossings and n other pictures, drawn anew.
    The same settings give the same course. It runs on one core, and ends when the caller stops asking.
    Raises ValueError for settings that are impossible.

    >>> *_, last = train(Settings(grid=3, channels=8, steps=60, seed=0))
    >>> last.accuracies[0][-1], last.accuracies[1][-1] <= 0.75, last.accuracies[2][-1]
    (1.0, True, 1.0)
    """
    if settings.steps < REPORTS or settings.steps % REPORTS:
        raise ValueError(f"{settings.steps} steps are impossible: choose a multiple of {REPORTS}.")
    task = stripes_task(settings.grid)
    networks = [build_network(kind, settings.channels) for kind in KINDS]
    # The networks are so small that a second core saves nothing, and where cores are busy waiting for it
    # takes most of the time. The limit holds for the calling thread alone.
    with threadpool_limits(1, user_api="openmp"):
        yield from _trainings(settings, task, networks)


def _trainings(settings: Settings, task: Task, networks: list[nn.Module]) -> Generator[Training, None, None]:
    for network in networks:
        initialise(network, torch.Generator().manual_seed(settings.seed))
    optimisers = [torch.optim.Adam(network.parameters(), lr=LEARNING_RATE) for network in networks]
    draw = torch.Generator().manual_seed(settings.seed)
    reported: list[int] = []
    courses: list[list[float]] = [[] for _ in networks]
    for step in range(settings.steps + 1):
        if step % (settings.steps // REPORTS) == 0:
            scores = [network(task.pictures).detach().squeeze(1) for network in networks]
            reported.append(step)
            for course, score in zip(courses, scores, strict=True):
                course.append(balanced_accuracy(score > 0, task))
            yield Training(
                tuple(reported), tuple(map(tuple, courses)), tuple(tuple(score.tolist()) for score in scores)
            )
        if step < settings.steps:
            batch = _balanced_batch(task, draw)
            for network, optimiser in zip(networks, optimisers, strict=True):
                _step(network, optimiser, task, batch)


def _balanced_batch(task: Task, draw: torch.Generator) -> Tensor:
    """The numbers of all n crossings and of n other pictures."""
    others = (~task.crossing).nonzero().squeeze(1)
    chosen = torch.randperm(len(others), generator=draw)[: task.places]
    return torch.cat((task.crossing.nonzero().squeeze(1), others[chosen]))


def _step(network: nn.Module, optimiser: torch.optim.Optimizer, task: Task, batch: Tensor) -> None:
    scores = network(task.pictures[batch]).squeeze(1)
    loss = F.binary_cross_entropy_with_logits(scores, task.crossing[batch].float())
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
