"""How one number of a layer came about: a module for each family of layers, and a table of them."""
