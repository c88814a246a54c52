"""Models for other programs: a page for the browser, ONNX, PyTorch, plain arrays."""
