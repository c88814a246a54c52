"""The My hand tab: a person's own writing is collected, examined, taught and taken away."""
