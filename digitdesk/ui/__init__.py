"""The screen: a window with tabs over a session.

A tab is a package with one class, which says what it is and hears what happens (``toolkit.tab``),
and a line in the list of tabs (``window.tabs``). Nothing here imports NumPy or the networks, so
that the window is on screen before they are loaded.
"""
