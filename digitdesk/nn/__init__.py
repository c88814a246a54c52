"""Neural networks written out by hand: every layer's forward and backward pass can be read here.

Start with ``layer.py`` (what a layer is), then ``dense.py`` and ``network.py``.
"""
