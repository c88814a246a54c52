"""Made-up photos and scans of digits: ink, sheets, light and what lies around, from a seed."""
