"""What is declared: the organisation, its sites, zones, devices, allowlists, meetings and readings.

In: the YAML that people write. Out: one immutable `Inventory`, or an error that names file and
line. Everything else in the house calls it and it calls nobody, so what both rules and scanner
must speak (`Text`, the declared models, the readings of open phrases) lives here.
"""
