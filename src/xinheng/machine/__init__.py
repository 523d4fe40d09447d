"""The machine under the house: where state lies, the embedded database server, the key files, and what the doctor
looks at."""
