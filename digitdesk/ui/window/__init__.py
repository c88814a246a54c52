"""The window around the tabs: menus, keys, tour, preferences, and its end."""
