"""Benchmarks of final marks, exams and statistics."""
