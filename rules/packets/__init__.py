"""Exact sets of packets: what a device's filters let through, and because of which line.

In: a `Policy` (stages, chains, rules with what they may and must match), regions of packets. Out:
decisions for single packets (`interpret`), proofs with witnesses and guilty lines (`prove`), boxes
that lists of addresses and services can be compared with (`admission`). Article 10 is judged on
these.
"""
