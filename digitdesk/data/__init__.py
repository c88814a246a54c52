"""Training data: MNIST and its relatives, real pen strokes, and handwriting made up by the program.

Data sets arrive as plain arrays of greys and labels, whatever they were before.
"""
