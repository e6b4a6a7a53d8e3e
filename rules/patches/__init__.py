"""Known vulnerabilities and newest releases: statements and an installed release in, verdicts out.

`model` is the vocabulary, `grammars` reads and orders version strings, `families` is the table of
products with their grammars and names (data that is passed in), `matching` answers for one device
and one vulnerability, `newest` for the newest release. Nothing here opens a file or knows a vendor.
"""
