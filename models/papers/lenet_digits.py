"""The ten codes of LeNet-5's output layer: pictures of the digits, 7 wide and 12 high.

LeCun et al. (1998), Fig. 3, draws such a set for the printable characters of ASCII. These are drawn
after it, not copied pixel by pixel: their size and use are the paper's, their strokes are ours.
"""

from __future__ import annotations

_PICTURES = """
....... ....... ....... ....... ....... ....... ....... ....... ....... .......
..###.. ...#... ..###.. ####### .....#. ####### ...###. ####### ..###.. ..###..
.#...#. ..##... .#...#. .....#. ....##. #...... ..#.... ......# .#...#. .#...#.
#.....# .#.#... #.....# ....#.. ...#.#. #...... .#..... .....#. #.....# #.....#
#.....# ...#... ......# ...#... ..#..#. #...... #...... .....#. .#...#. #.....#
#.....# ...#... .....#. ..###.. .#...#. ######. #.###.. ....#.. ..###.. .#...##
#.....# ...#... ....#.. .....#. #....#. ......# ##...#. ....#.. .#...#. ..###.#
#.....# ...#... ...#... ......# ####### ......# #.....# ...#... #.....# ......#
#.....# ...#... ..#.... ......# .....#. ......# #.....# ...#... #.....# .....#.
.#...#. ...#... .#..... #....#. .....#. #....#. .#...#. ..#.... .#...#. ....#..
..###.. .#####. ####### .####.. .....#. .####.. ..###.. ..#.... ..###.. .###...
....... ....... ....... ....... ....... ....... ....... ....... ....... .......
"""


def _code(digit: int) -> tuple[int, ...]:
    lines = [line.split()[digit] for line in _PICTURES.split("\n") if line]
    return tuple(1 if pixel == "#" else -1 for line in lines for pixel in line)


# Row by row from the top, +1 for ink and -1 for paper: 10 codes of 84.
DIGIT_CODES: tuple[tuple[int, ...], ...] = tuple(_code(digit) for digit in range(10))
