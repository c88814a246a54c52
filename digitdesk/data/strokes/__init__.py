"""Real pen strokes: read from files, written in other hands, drawn as pictures or as planes."""
