"""Networks as text: the grammar, the words, and what is built from them."""
