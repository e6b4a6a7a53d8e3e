"""What people and machines read: findings dressed up, last.

In: findings, the inventory and what is known about the run. Out: bytes of a report in one of the
formats. Called by the command line. Nothing is judged here: a page that shows another verdict than
the store holds is wrong. The same input gives the same bytes, and text that came from a device
is never markup.
"""
