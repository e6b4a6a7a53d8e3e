"""The gate: saved configurations judged where they are kept, before they reach a device.

In: paths, an inventory if there is one, and what may be relaxed (`GateRequest`). Out: what became
of every file, the findings with file and line, and one exit status with its reason (`GateResult`).
It has no rule, no verdict and no output of its own; `hnth gate` calls `run.run_gate` and prints.
"""
