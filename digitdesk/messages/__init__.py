"""Plain values that cross between the core, the session and the window.

Everything here is a frozen dataclass of builtins, so it may travel between threads and into JSON.
"""
