"""The fault table: each line causes one fault and says what families got; `vestnik bench faults` runs them all.

`line` has the nouns, `table` runs the lines, `school` is the school that they trouble; the others are the lines.
"""
