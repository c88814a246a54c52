"""DigitDesk: train a network whose every pass is written here, and read your own digits with it."""

__version__ = "0.1.0"
