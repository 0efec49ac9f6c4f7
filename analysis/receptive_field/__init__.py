"""What each unit of a network sees of its input: exact boxes, and the lattice behind them."""
