"""How wide the pen is: on the boards, and in the picture that a network sees.

The window asks for these before the core is loaded, so nothing here needs arrays.
"""

from __future__ import annotations

PEN_PX = 2.5
"""In pixels of the 28×28 frame; it gives real strokes the mean ink of MNIST."""

# The rest in board units: a board is 280 units high, whatever its size on the screen.

BOARD_SIZE_PX = 280
BOARD_PEN_PX = 20.0

NUMBER_BOARD_WIDTH_PX = 3 * BOARD_SIZE_PX
NUMBER_PEN_PX = 10.0
"""A board for numbers is three times as wide; its digits are smaller, and so is its pen."""
