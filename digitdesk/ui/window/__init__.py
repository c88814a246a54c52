"""The window around the tabs: the list of tabs, menus, keys, tour, preferences, and its end."""
