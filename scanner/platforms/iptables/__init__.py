"""What iptables-save and ip6tables-save print, as a policy for forwarded packets.

In: the lines of a saved file. Out: tables and chains with their lines, in the terms of
`scanner.platforms.nftables.hooks`. Called by the Linux platform.
"""

from scanner.platforms.iptables.saved import policy

__all__ = ["policy"]
