"""A school that does not exist, with everything around it on this machine: the demo."""
