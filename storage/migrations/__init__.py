"""The steps by which a school's database came to its present tables."""
