"""What several tabs are worked with: a switch between pages, lists to choose from, latest jobs."""
