"""The summary sheet of a class: its arrangement, its comparison with a print, the usual decisions of the council."""
