"""The parts of the simulated school year (`bench year`): its people, its channels and what happens in it."""
