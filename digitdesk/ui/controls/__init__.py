"""What several tabs are worked with: switches, lists to choose from, a form's fields."""
