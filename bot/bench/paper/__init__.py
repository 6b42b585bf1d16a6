"""Benchmarks of paper."""
