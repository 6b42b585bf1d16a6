"""Invented schools and their people for benchmarks."""
