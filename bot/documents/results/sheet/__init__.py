"""The summary sheet of a class as a page and as a workbook."""
