"""Teachers keep the gradebook; families look marks up."""
