"""What the pages of the Evaluate tab are made of: a matrix, a gallery, a picture large, points."""
