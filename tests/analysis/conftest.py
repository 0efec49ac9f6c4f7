"""Reports of the zoo, made once for all tests that read them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

import models
from analysis import Report, analyze


@pytest.fixture(scope="session")
def zoo_report() -> Callable[[str], Report]:
    """A function from a zoo model's name to its report at the input size of its card."""

    @cache
    def report(name: str) -> Report:
        return analyze(models.build(name), models.card(name).input_shape, name=name)

    return report
