"""One module per requirement: pure functions from facts and inventory to verdicts.

In: a `World`: the inventory, the facts of every device, the moment as of which is judged. Out:
findings, at least one for every requirement. Called by the engine of `scanner` with fresh, stored
or file facts alike. A rule opens no file and no socket and knows no vendor; what it needs stands
in its signature. The language of facts (`rules.facts`) lives here, because rules define what is
worth knowing.
"""
