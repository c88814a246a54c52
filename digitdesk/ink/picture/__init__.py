"""Pictures of ink: scans, photos and screenshots, and what in them is writing."""
