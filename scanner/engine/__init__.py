"""The engine: plans a run, looks at each device, stores what was seen and has it judged.

In comes an inventory, out goes a run in the store: evidence, facts, findings. It holds wiring and
no judgement. The command line calls it; nothing else does.
"""
