"""Plain tables with named columns, and timetables as schools print them."""
