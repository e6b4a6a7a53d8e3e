"""A conferencing province in network namespaces, to look at and to test against.

In: a folder and the names of faults. Out: a `Lab` whose hosts exchange real packets (real nftables,
sshd, rsyslogd, nmap; conferencing devices are simulated by `lab.devices`), and an inventory file
that describes it. `hnth demo` and the tests call `start`; nothing else knows this package.

    with lab.start(folder, {"telnet-open"}) as province:
        province.run("may-quet", ["nmap", "-p", "23", "10.67.101.10"])

With `whole=True` there is one more site, a room with a device of every further family; faults and
what they must bring about are the same. `hnth demo` shows the whole province, the tests of the
faults run in the small one.

One process namespace holds everything, so nothing can be left behind (`lab/namespaces.py`).
`lab/topology.py` is the plan, `lab/situation.py` what may differ from it, `lab/faults.py` what each
fault changes and which verdict it must bring about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lab.faults import DEFAULT_MIXTURE, FAULTS, Expectation, Fault, expectations
    from lab.laboratory import Finished, Lab, LabError, Running, start
    from lab.namespaces import LabUnavailable

__all__ = [
    "DEFAULT_MIXTURE",
    "FAULTS",
    "Expectation",
    "Fault",
    "Finished",
    "Lab",
    "LabError",
    "LabUnavailable",
    "Running",
    "expectations",
    "start",
]

_ELSEWHERE = {
    "DEFAULT_MIXTURE": "faults",
    "FAULTS": "faults",
    "Expectation": "faults",
    "Fault": "faults",
    "expectations": "faults",
    "LabUnavailable": "namespaces",
}


def __getattr__(name: str) -> Any:
    # imported when asked for: five simulated devices start at once and need none of it
    if name not in __all__:
        raise AttributeError(f"module 'lab' has no attribute {name!r}")
    import importlib  # noqa: PLC0415

    module = importlib.import_module(f"lab.{_ELSEWHERE.get(name, 'laboratory')}")
    return getattr(module, name)
