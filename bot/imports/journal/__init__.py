"""The e-journal's own reports."""
