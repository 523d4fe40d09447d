"""Whom is a record about, under which keys is the subject found, and under which names was it known?"""
