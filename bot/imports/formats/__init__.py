"""Raw formats of files: what a file is, and its cells as text."""
