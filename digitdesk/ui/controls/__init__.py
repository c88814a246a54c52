"""What several tabs are worked with: a switch between pages, lists to choose from, a form's fields."""
