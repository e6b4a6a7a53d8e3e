"""One device before it goes into use: what was seen, judged as if it went into use today.

In: a run of the engine on that device, or its saved files. Out: a `CheckResult`, from which
`hnth check` prints its screen and `reports/commissioning.py` makes the record to be signed. It
looks at nothing itself and has no rule of its own.
"""
