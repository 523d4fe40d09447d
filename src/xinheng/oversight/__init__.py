"""Oversight: who asked what, and was it right? The log of queries for auditor and supervisor; doors only."""
