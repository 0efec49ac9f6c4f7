"""The zoo: cards of 80 classifiers, and each of them built without weights.

Beside torchvision's 80 it has the historical models as their papers describe them: ``names("papers")``,
``cards("papers")``.

``names``, ``card`` and ``cards`` need neither torch nor torchvision; ``build`` imports them when
it is called. ``load_factory`` imports a user's own code: for the command line and for libraries,
never for a page.
"""

from __future__ import annotations

from models.catalogue import card, cards, names
from models.construction import build
from models.records import ModelCard, PublishedWeights
from models.user import load_factory

__all__ = ["ModelCard", "PublishedWeights", "build", "card", "cards", "load_factory", "names"]
