"""Runs inside the executable before the program: what a trimmed bundle must not complain about."""

import logging
import warnings

# The chart has no third dimension, so that part of Matplotlib was left out.
warnings.filterwarnings("ignore", message="Unable to import Axes3D")
# So were the fonts of printed mathematics; DejaVu Sans stands in for them.
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
