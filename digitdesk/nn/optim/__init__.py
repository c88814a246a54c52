"""How weights follow gradients: optimizers, learning-rate schedules and the weight average."""
