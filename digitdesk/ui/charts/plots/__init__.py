"""Charts of many runs: what they show as plain values, and a widget that draws them."""
