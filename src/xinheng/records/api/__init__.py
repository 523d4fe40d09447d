"""The doors of intake for machines: `doors` the addresses, `body` what is sent, `answers` what is answered, `openapi`
its description.
"""
