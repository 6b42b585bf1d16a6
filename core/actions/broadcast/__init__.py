"""A class teacher's broadcast: recipients, sending, acknowledgements."""
