"""The end of a term on the command line: one module for each group of commands."""
