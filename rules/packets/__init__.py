"""Exact sets of packets: which new connections a filter admits, line by line.

In: `Filters` of a device and the addresses on either side. Out: for every permitting line the
packets that get through because of it and of nothing before it. Article 10 is judged on these sets.
"""
