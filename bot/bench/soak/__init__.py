"""`vestnik bench soak`: half an hour of everything, with one fault a minute."""
