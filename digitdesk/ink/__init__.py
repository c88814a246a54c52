"""Ink: strokes, the board that collects them, and the one way from ink to a network's input.

Everything here works on plain tuples of points and NumPy arrays; nothing knows a screen.
"""
