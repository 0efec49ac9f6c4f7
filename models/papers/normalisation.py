"""Local response normalisation as AlexNet's paper defines it."""

from __future__ import annotations

from torch import nn


class LocalResponseNormalisation(nn.LocalResponseNorm):
    """b_i = a_i / (k + alpha * sum of a_j^2 over n neighbouring channels)^beta, at each position.

    Krizhevsky, Sutskever and Hinton (2012), section 3.3: k = 2, n = 5, alpha = 10^-4, beta = 0.75; at
    the first and last channels the sum has fewer terms. PyTorch's layer divides alpha by n, so it is
    given n times the paper's alpha. No parameters. A channel of 100 between silent ones becomes
    100 / (2 + 10^-4 * 100^2)^0.75 = 43.87.
    """

    def __init__(self) -> None:
        neighbours, alpha = 5, 1e-4
        super().__init__(neighbours, alpha=neighbours * alpha, beta=0.75, k=2.0)
