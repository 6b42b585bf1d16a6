"""The process at work: the worker, timed jobs, supervision, signals."""
