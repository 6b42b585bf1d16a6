"""Statistics of lessons and results, and the lists of students (Q59–Q64)."""
