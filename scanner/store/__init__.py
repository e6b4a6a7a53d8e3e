"""Keeps what a run collected and judged: runs, evidence, facts, findings; nothing is overwritten.

In: documents and facts from the engine, device by device, and findings from the rules. Out: the
same values again, to be judged anew or reported. Called by the engine and the commands; opened with
`Store.open`.
"""

from scanner.store.errors import NoSuchRun, StoreError
from scanner.store.records import RunPlan
from scanner.store.store import Store

__all__ = ["NoSuchRun", "RunPlan", "Store", "StoreError"]
