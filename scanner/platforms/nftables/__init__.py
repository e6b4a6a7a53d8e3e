"""nftables rule sets as policies: for packets that a host forwards, and for those for itself.

In: the listing of `nft list ruleset`, as text or JSON, or a file that `nft -f` reads. Out: stages
and chains in the order in which the kernel asks them, with what was not understood. Called by the
Linux platform; `hooks` serves iptables too.
"""
