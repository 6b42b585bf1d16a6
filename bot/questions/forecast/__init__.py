"""What a question asks of a forecast: its words as slots, the marks among them, the kind that the slots decide."""
