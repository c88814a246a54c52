"""What several tabs are worked with: a switch between pages, and the models there are to choose."""
