"""How the command lines of network devices look: their prompts, and the marks of their pagers.

A prompt is learned from the greeting: its last line, when that has the form of the dialect. The
forms leave out configuration modes (`(config)#`, `[edit]`), which no scan enters. Sources: the
vendors' command line guides (Cisco IOS Configuration Fundamentals, ASA CLI Configuration Guide,
FortiOS Administration Guide, Junos CLI User Guide, PAN-OS CLI Quick Start, Huawei VRP Basic
Configuration, RouterOS manual).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = r"[\w.+~@:/-]{1,80}"

PAGER = re.compile(
    # IOS ` --More-- `, ASA `<--- More --->`, FortiOS `--More--`, VRP `---- More ----`
    r"<?-{2,4} ?more ?-{2,4}>?"
    # Junos `---(more)---`, `---(more 12%)---`
    r"|-{2,4}\(more(?: \d{1,3}%)?\)-{2,4}"
    # PAN-OS `lines 1-23`
    r"|lines \d{1,7}-\d{1,7}(?:/\d{1,7})?(?: \d{1,3}%)?"
    r"|--more--\(\d{1,3}%\)"
    r"|-- \[q quit\|[^\]\n]{1,40}\]",
    re.IGNORECASE,
)
"""The whole line below a page; answered with `NEXT_PAGE`."""
NEXT_PAGE = " "
LAST_PAGE = re.compile(r"(?:lines \d{1,7}-\d{1,7}(?:/\d{1,7})? ?)?\(END\)")
"""Below the last page, where a pager waits to be left; nothing is behind it."""
LEAVE_PAGER = "q"


@dataclass(frozen=True, slots=True)
class PromptDialect:
    prompt: re.Pattern[str]
    """The whole line that waits for a command, without blanks at either end."""
    above: re.Pattern[str] | None = None
    """A line that some devices say above every prompt; no part of an answer."""
    enter: str = "\n"
    leaves_pager: bool = False
    """Its pager stays on the last page."""


_CISCO = PromptDialect(re.compile(_NAME + r"[>#]"))
_VRP = PromptDialect(
    re.compile(r"[*~]?(?:HRP_[A-Z]{1,8})?[*~]?(?:<[^<>\n]{1,80}>|\[[*~]?[^\[\]\n]{1,80}\])")
)

PROMPT_DIALECTS = {
    "cisco_ios": _CISCO,
    "cisco_xe": _CISCO,
    "cisco_asa": _CISCO,
    # a name, then perhaps the VDOM or the state of the cluster; `$` for accounts that only read
    "fortinet": PromptDialect(re.compile(_NAME + r"(?: \([^()\n]{1,40}\))? [#$]")),
    "juniper_junos": PromptDialect(
        re.compile(_NAME + r"[>%]"), above=re.compile(r"\{[\w:. -]{1,60}\}")
    ),
    # `name@device>`, with the state of the cluster in brackets; names of devices may have blanks
    "paloalto_panos": PromptDialect(
        re.compile(r"[^\s@]{1,64}@[\w. -]{1,64}(?:\([\w-]{1,30}\))?>"), leaves_pager=True
    ),
    "huawei_vrp": _VRP,
    "huawei_vrpv8": _VRP,
    # the terminal takes CR for Enter
    "mikrotik_routeros": PromptDialect(re.compile(r"\[[^\[\]\n]{1,100}\] >"), enter="\r"),
    "linux": PromptDialect(re.compile(r"\S[^\n]{0,120}[$#>]|[$#>]"), leaves_pager=True),
}
"""By netmiko's device types."""
