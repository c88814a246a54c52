"""What a graphics card computes sooner than layer by layer: kernels and products of matrices."""
