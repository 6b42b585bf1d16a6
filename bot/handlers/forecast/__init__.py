"""Doors to forecasts: for a family, and the risk list of a class."""
