"""Paper: the print queue and its pages."""
