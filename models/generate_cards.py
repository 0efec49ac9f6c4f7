"""Write the committed card file afresh: ``python -m models.generate_cards``, after a torchvision upgrade."""

from __future__ import annotations

import torchvision

from models.card_file import CARD_FILE, cards_to_json
from models.torchvision_source import read_cards


def main() -> None:
    """Read the cards from the installed torchvision and write ``models/torchvision_cards.json``."""
    cards = read_cards()
    release = torchvision.__version__.partition("+")[0]
    CARD_FILE.write_text(cards_to_json(cards, release), encoding="utf-8")
    print(f"{CARD_FILE.name}: {len(cards)} cards from torchvision {release}")


if __name__ == "__main__":
    main()
