"""Where a mark is heading: chances of each final mark, what is still needed, and how good past forecasts were (R4)."""
