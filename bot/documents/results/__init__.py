"""Documents of results: JSON, workbooks, pages."""
