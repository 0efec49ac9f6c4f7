"""``python -m analysis``: see :mod:`analysis.command_line`."""

from __future__ import annotations

from analysis.command_line import main

if __name__ == "__main__":
    raise SystemExit(main())
