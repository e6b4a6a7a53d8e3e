"""Check Point security gateways (Gaia, R80 and later), from what their management server exports.

In: answers of the management API saved as JSON (`mgmt_cli ... --format json`): the rulebase of
each layer, the package, the NAT rulebase, gateways and servers, global properties. Out: facts.
Nothing is asked over the network: the rules are on the management server, which needs a login of
its own. Seen: answers of R80.40. Written after the Management API reference and not seen in a real
answer: inline layers, sections with rules in them, groups with exclusion, global properties.

Not read: the configuration of Gaia itself, VPN communities, threat prevention, HTTPS inspection.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

from inventory.text import Text
from scanner.collect.errors import CollectError
from scanner.evidence import Document
from scanner.platforms.checkpoint.coverage import coverage
from scanner.platforms.checkpoint.gateway import VERSION_FORM, version_key
from scanner.platforms.checkpoint.reading import reading
from scanner.platforms.checkpoint.remedies import REMEDIES
from scanner.platforms.model import Access, Platform, Reading
from scanner.platforms.needs import HTTPS, SSH

_ONLY_SAVED = Text(
    vi="quy tắc của Check Point nằm trên máy chủ quản lý; hãy lưu kết quả của `mgmt_cli show "
    "access-rulebase`, `show package`, `show gateways-and-servers`, `show nat-rulebase` và `show "
    "global-properties` ở dạng JSON rồi đưa vào dưới dạng tệp",
    en="the rules of Check Point are on its management server; save what `mgmt_cli show "
    "access-rulebase`, `show package`, `show gateways-and-servers`, `show nat-rulebase` and `show "
    "global-properties` answer as JSON and hand in the files",
)


def collect(access: Access) -> Generator[Document, None, None]:
    """Nothing: raises CollectError, which says what to save."""
    yield from ()
    raise CollectError(_ONLY_SAVED)


def read(documents: Sequence[Document]) -> Reading:
    """Facts of all documents together; none for documents of other vendors."""
    return reading(documents)


PLATFORM = Platform(
    name="checkpoint",
    title="Check Point (Gaia, R80+)",
    vendor="Check Point",
    kinds=frozenset({"firewall", "router"}),
    allowed=(),
    collect=collect,
    read=read,
    version_key=version_key,
    needed_ports=(SSH, HTTPS),
    management_ports={"ssh": 22, "https": 443},
    version_form=VERSION_FORM,
    aliases=("check-point", "gaia"),
    coverage=coverage,
    remedies=REMEDIES,
)
