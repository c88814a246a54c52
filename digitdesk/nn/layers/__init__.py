"""The layers: each a forward and a backward pass, written out as formulas."""
