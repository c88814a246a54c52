"""What the Inside tab draws: layers in a strip, tiles, and the arithmetic of one number."""
