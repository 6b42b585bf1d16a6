"""Notices, obligations, deliveries and evidence in SQL."""
