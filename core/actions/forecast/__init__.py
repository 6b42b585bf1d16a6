"""Forecasts of final marks: read by families and class teachers, told to families, compared with what came (R4)."""
