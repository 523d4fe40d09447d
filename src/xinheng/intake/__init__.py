"""What did a provider send, what is wrong with each row of it, and where is each row now?"""
