"""The fault table: each line causes one fault and says what families got; `vestnik bench faults` runs them all.

`line` has the nouns, `lines/` the lines by what fails, `table` runs them, `school` is the school that they trouble.
"""
