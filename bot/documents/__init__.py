"""Documents that the school hands out, built from facts and words without reading or writing anything."""
