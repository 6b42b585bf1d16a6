"""Notices become obligations, and obligations are sent and proved."""
