"""Clocks: until when must an authority act in a case, why until then, and what became of it?"""
