"""Homework, control works and recommendations are given and looked up; families are reminded."""
