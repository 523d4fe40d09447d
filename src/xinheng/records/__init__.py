"""What is on file about a subject, how did it come there, and until when may it be seen, shared, used and kept?"""
