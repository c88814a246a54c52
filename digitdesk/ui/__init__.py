"""The window: Draw, Train and Models tabs over a session.

Nothing here imports NumPy or the networks, so that the window is on screen before they are loaded.
"""
