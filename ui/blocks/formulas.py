"""Formulas in LaTeX: with symbols, with the numbers put in, and the result."""

from __future__ import annotations

from charts.format import exact


def three_lines(symbols: str, numbers: str, result: str, gap: str = "2pt") -> str:
    """A formula, the same with numbers, and its result, one below the other: a narrow screen holds them."""
    return rf"\begin{{aligned}} & {symbols} \\[{gap}] ={{}} & {numbers} \\[{gap}] ={{}} & {result} \end{{aligned}}"


def digits(count: int) -> str:
    """A number as LaTeX sets it, in groups of three: digits(122304) == "122{,}304"."""
    return exact(count).replace(",", "{,}")
