"""Roles and guardianships end; two entries of one person become one."""
