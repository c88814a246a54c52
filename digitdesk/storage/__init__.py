"""Storage: model files that are written whole or not at all, and read without trusting them."""
