"""What the readers of network configurations share: lines, addresses, services, names of ports.

In: lines of a configuration. Out: the sets and regions of `rules.packets`, each with its line.
Called by the family modules of firewalls, routers and switches. No vendor's syntax is known here.
"""
