"""One step of learning on one drawing: what came of it, layer by layer, and for one weight."""
