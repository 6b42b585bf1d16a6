"""Documents of delivery: obligations as tables and JSON, the proof of one, the report of a period."""
