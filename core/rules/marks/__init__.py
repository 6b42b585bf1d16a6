"""Marks: tokens of the journal, averages, the gradebook, what families are told."""
