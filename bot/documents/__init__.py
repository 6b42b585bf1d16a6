"""Documents that the school hands out: pure, from facts and words to the bytes of a file."""
