"""The weekly template, bells and the choice of them, holidays, changes to single lessons."""
