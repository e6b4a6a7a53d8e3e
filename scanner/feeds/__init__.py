"""Imports what others publish about vulnerabilities and releases, keeps it, and hands it to rules.

In: files of NVD, CVE, CISA KEV, CSAF, and the project's own two shapes, all taken as hostile. Out:
statements in the words of `rules/patches/model.py`. `reading` tells the kinds apart, one module per
kind understands it, `storage` keeps it. Called by the engine and by `hnth feeds`.
"""
