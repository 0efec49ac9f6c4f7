from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from torch import nn

from analysis import analyze
from analysis.experiments.stripes import KINDS, Kind, Settings, Training, build_network, initialise, train
from analysis.experiments.stripes_task import ADDITIVE_BOUND, balanced_accuracy, stripes_task
from analysis.reachability import channel_reachability

ONE, TWO, SHUFFLED = KINDS
SMALL = Settings(grid=2, channels=8, steps=60, seed=0)


def finished(settings: Settings) -> Training:
    """The last report of a training."""
    *_, last = train(settings)
    return last


@pytest.mark.parametrize(
    "settings",
    [*(Settings(2, 8, 60, seed) for seed in range(4)), Settings(3, 4, 60, 7), Settings(4, 8, 60, 1)],
    ids=str,
)
def test_one_tower_and_a_shuffle_learn_it_and_two_towers_do_not(settings: Settings) -> None:
    """All pictures answered rightly, beside never more than three quarters."""
    one, two, shuffled = finished(settings).accuracies
    assert (one[-1], shuffled[-1]) == (1.0, 1.0)
    assert max(two) <= ADDITIVE_BOUND


def test_the_same_settings_give_the_same_course() -> None:
    """To the last digit; another seed gives another."""
    assert finished(SMALL) == finished(SMALL)
    assert finished(SMALL).scores != finished(Settings(2, 8, 60, 1)).scores


def test_reports_grow_from_the_untrained_networks_to_the_last_step() -> None:
    """21 reports; accuracies are those of the scores."""
    reports = list(train(SMALL))
    assert [report.steps[-1] for report in reports] == list(range(0, 61, 3))
    assert reports[-1].steps == tuple(range(0, 61, 3))
    task = stripes_task(2)
    for report in reports:
        for course, scores in zip(report.accuracies, report.scores, strict=True):
            assert course[-1] == balanced_accuracy(torch.tensor(scores) > 0, task)
        assert report.accuracies == tuple(course[: len(report.steps)] for course in reports[-1].accuracies)


def grouped_networks() -> Iterator[nn.Module]:
    """Two towers with weights of all sorts: as drawn, with biases, very large."""
    for seed in range(6):
        generator = torch.Generator().manual_seed(seed)
        network = build_network(TWO, 8).double()
        initialise(network, generator)
        for parameter in network.parameters():
            noise = torch.randn(parameter.shape, generator=generator, dtype=parameter.dtype)
            parameter.data.add_(noise * seed)
        yield network


def test_two_towers_add_what_each_of_them_says() -> None:
    """Whatever the weights: for all p and q the scores of (p, p) and (q, q) add up to those of (p, q) and (q, p)."""
    task = stripes_task(3)
    for network in grouped_networks():
        scores = network(task.pictures.double()).detach().view(9, 9)
        same = scores.diagonal()[:, None] + scores.diagonal()[None, :]
        torch.testing.assert_close(same, scores + scores.T)
        assert balanced_accuracy(scores.flatten() > 0, task) <= ADDITIVE_BOUND


# 3 x 3 kernels: 2 * 8 * 9 + 8 = 152, 8 * 8 * 9 + 8 = 584, 8 + 1 = 9; in two groups half of the weights.
@pytest.mark.parametrize(("kind", "params"), [(ONE, 745), (TWO, 385), (SHUFFLED, 385)], ids=str)
def test_parameters(kind: Kind, params: int) -> None:
    """The shuffle costs no parameter."""
    network = build_network(kind, 8)
    assert analyze(network, (2, 9, 9)).totals.params == params


def test_channels_that_see_both_colours() -> None:
    """All of one tower's, none of two, all once they are shuffled."""
    seen = []
    for kind in KINDS:
        report = analyze(build_network(kind, 8), (2, 9, 9))
        seen.append(int(channel_reachability(report, "first", "second").all(axis=1).sum()))
    assert seen == [8, 0, 8]


def test_nothing_else_is_touched() -> None:
    """Not PyTorch's random state, not the number of threads, whether a training ends or is left."""
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    finished(SMALL)
    left = train(SMALL)
    next(left)
    left.close()
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.get_num_threads() == threads


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (Settings(5, 8, 60, 0), "5 x 5 places"),
        (Settings(2, 7, 60, 0), "7 channels do not split"),
        (Settings(2, 8, 30, 0), "30 steps are impossible: choose a multiple of 20"),
    ],
)
def test_impossible_settings_are_sentences(settings: Settings, sentence: str) -> None:
    """What was wrong, with its value."""
    with pytest.raises(ValueError, match=sentence):
        next(train(settings))
