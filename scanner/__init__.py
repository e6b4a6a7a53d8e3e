"""The composition root: the only place where looking, judging, keeping and telling meet.

In: an inventory and a person at a command line. Out: a stored run, its report and an exit status.
`collect` asks the network, `platforms` understands the answers, `rules` judges, `store` keeps,
`reports` shows. There is wiring here and no judgement: when a test of this package needs to know
a clause of the Regulation, the clause has leaked.
"""
