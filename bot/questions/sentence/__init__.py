"""Reads one sentence of a question, and cuts a text into its sentences and clauses."""
