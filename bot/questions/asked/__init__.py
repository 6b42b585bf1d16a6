"""What the first line of an answer must say, by the words of the question (Q110)."""
