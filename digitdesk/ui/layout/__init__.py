"""What is done where there is little room: rows that go on in the next line, areas that scroll."""
