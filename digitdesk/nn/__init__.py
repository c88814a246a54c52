"""Neural networks written out by hand: every layer's forward and backward pass can be read here.

Start with ``layers/layer.py`` (what a layer is), then ``layers/dense.py`` and ``network.py``.
"""
