"""How a typed message becomes questions that doors answer: read, joined with what was asked before, cut in two."""
