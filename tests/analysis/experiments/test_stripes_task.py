from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import torch

from analysis.experiments.stripes_task import ADDITIVE_BOUND, balanced_accuracy, stripes_task


@pytest.mark.parametrize("grid", [2, 3, 4])
def test_the_pictures_are_all_pairs_of_places(grid: int) -> None:
    """n^2 different pictures of 3 red and 3 blue pixels; n of them have a pixel that is both: these cross."""
    task = stripes_task(grid)
    n = grid * grid
    assert task.pictures.shape == (n * n, 2, 4 * grid + 1, 4 * grid + 1)
    assert len({tuple(picture.flatten().tolist()) for picture in task.pictures}) == n * n
    assert set(task.pictures.sum(dim=(2, 3)).flatten().tolist()) == {3.0}
    overlap = task.pictures.prod(dim=1).sum(dim=(1, 2))
    assert overlap.tolist() == task.crossing.float().tolist()
    assert int(task.crossing.sum()) == n


def test_a_picture_is_found_by_its_places() -> None:
    """The red stripe of picture (1, 0) is that of (1, 8), its blue one that of (0, 0)."""
    task = stripes_task(3)
    found = task.pictures[task.picture(1, 0)]
    assert torch.equal(found[0], task.pictures[task.picture(1, 8)][0])
    assert torch.equal(found[1], task.pictures[task.picture(0, 0)][1])
    # Place 1 of three in a row: its centre is pixel 2 down and 4 + 2 = 6 to the right; 3 pixels across.
    assert found[0].nonzero().tolist() == [[2, 5], [2, 6], [2, 7]]
    assert found[1].nonzero().tolist() == [[1, 2], [2, 2], [3, 2]]


@pytest.mark.parametrize("grid", [1, 5])
def test_a_grid_of_another_size_is_refused(grid: int) -> None:
    """One place leaves nothing to tell apart."""
    with pytest.raises(ValueError, match=f"{grid} x {grid} places"):
        stripes_task(grid)


def test_balanced_accuracy_counts_both_answers_alike() -> None:
    """All right 1; always the same answer 1/2; one of 12 pairs apart taken for a crossing costs 1/24."""
    task = stripes_task(2)
    assert balanced_accuracy(task.crossing, task) == 1
    assert balanced_accuracy(~task.crossing, task) == 0
    assert balanced_accuracy(torch.ones(16, dtype=torch.bool), task) == 0.5
    assert balanced_accuracy(torch.zeros(16, dtype=torch.bool), task) == 0.5
    one_wrong = task.crossing.clone()
    one_wrong[task.picture(0, 3)] = True
    assert balanced_accuracy(one_wrong, task) == 23 / 24


# Only the order of the numbers f(p) and -g(q) decides which sums are above 0. With n of each, f(p) lies above
# 0 to n of the numbers -g, whose own ranks are 0 to n - 1: these (n + 1)^n n^n cases are all that there are.
@pytest.mark.parametrize("places", [2, 3, 4])
def test_no_sum_of_two_scores_is_above_three_quarters(places: int) -> None:
    """Brute force over every answer that some f(p) + g(q) > 0 can give: the best is 3/4, and it is reached."""
    crossing = np.eye(places, dtype=bool)
    ranks = np.array(list(product(range(places), repeat=places)))
    best = 0.0
    for heights in product(range(places + 1), repeat=places):
        says_crossing = np.array(heights)[:, None] > ranks[:, None, :]
        right = says_crossing == crossing
        of_crossings = right[:, crossing].mean(axis=1)
        of_others = right[:, ~crossing].mean(axis=1)
        best = max(best, float(((of_crossings + of_others) / 2).max()))
    assert best == pytest.approx(ADDITIVE_BOUND)


@pytest.mark.parametrize("grid", [2, 3, 4])
def test_the_bound_is_reached(grid: int) -> None:
    """f(p) = -p and g(q) = q + 1/2 answer every crossing rightly and half of the others."""
    task = stripes_task(grid)
    place = torch.arange(task.places)
    scores = -place[:, None] + place[None, :] + 0.5
    assert balanced_accuracy(scores.flatten() > 0, task) == ADDITIVE_BOUND


@pytest.mark.parametrize("grid", [2, 3, 4])
def test_balanced_accuracy_is_the_mean_over_all_fours(grid: int) -> None:
    """For random answers: the mean, over all pairs of places, of the right ones among the pair's four pictures."""
    task = stripes_task(grid)
    answers = torch.rand(len(task.crossing), generator=torch.Generator().manual_seed(grid)) > 0.5
    right = (answers == task.crossing).double()
    fours = [
        [task.picture(red, blue) for red, blue in ((p, p), (q, q), (p, q), (q, p))]
        for p in range(task.places)
        for q in range(p)
    ]
    assert balanced_accuracy(answers, task) == pytest.approx(float(right[torch.tensor(fours)].mean()))
