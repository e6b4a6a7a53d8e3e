"""nftables rule sets as the vendor-neutral fact `filters`.

In: the listing of `nft list ruleset`. Out: the rules that decide about forwarded packets, in the
order in which the kernel asks them, with the lines that were not understood. Called by the Linux
platform.
"""

from scanner.platforms.nftables.forward import forwarding

__all__ = ["forwarding"]
