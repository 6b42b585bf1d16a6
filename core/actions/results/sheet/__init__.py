"""The summary sheet of a class: it is read, verified, and given the council's decisions."""
