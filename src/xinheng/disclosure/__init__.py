"""Who may see what, why, and who looked? The room of the disclosure decision: purpose-limited query, own file, public
view.
"""
