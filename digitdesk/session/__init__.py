"""The session: one facade over the core, for whoever drives it, and what it owns."""

import os

# Read when NumPy is loaded. Where another program has a core, threads of BLAS wait for each other
# many times as long as they work. Who has much to read or to train shares it out otherwise.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
