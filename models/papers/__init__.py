"""Architectures as their papers describe them, one family a file; nothing is imported until it is built.

``cards`` and ``counterparts`` hold data and need no torch. Each family's file has a table of its
variants and ``build(name)``, which makes one of them.
"""
