"""What is drawn on: the board, its tools, its sheets of paper, and pictures put onto it."""
