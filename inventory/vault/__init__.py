"""The vault: one encrypted file of passwords, opened with a master password.

In come a path and the master password; out come entries by name, with what was found of each
password when it was entered. `sealed` is the format, `entries` what it holds, `disk` how it is
read and replaced without ever losing it, `box` the vault itself. Asking people and judging
passwords is left to the caller. Memory dumps are out of scope: an open vault holds plain
passwords in memory.
"""
