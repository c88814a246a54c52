"""What is in a data set: its pictures, and figures about them."""
