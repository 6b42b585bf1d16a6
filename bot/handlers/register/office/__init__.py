"""Doors of the office: what waits, whole classes, one person; each act is in the audit trail (Q102)."""
