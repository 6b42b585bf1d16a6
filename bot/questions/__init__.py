"""Questions in plain words: a grammar over the school's own names, without a model and without a network."""
