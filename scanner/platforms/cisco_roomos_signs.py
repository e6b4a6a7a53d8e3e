"""What xAPI devices say of themselves, from MXP to RoomOS."""

from __future__ import annotations

from scanner.platforms.signs import Sign

SIGNS = (
    Sign(
        ("snmp-description",),
        r"\b(?:Cisco|TANDBERG) Codec SoftW: ?(?P<version>\S+)(?: (?!MCU:)\S+){0,4} MCU: ?"
        r"(?:Cisco TelePresence |Cisco Webex |Cisco |TANDBERG )?(?P<model>(?!Date:)\S+(?: "
        r"(?!Date:)\S+){0,4}?)(?: Date:| ?$)",
        "the codec's sysDescr, from MXP to RoomOS",
    ),
    Sign(
        ("snmp-description",),
        r"\b(?:Cisco|TANDBERG) Codec\b",
        "the same, shortened",
    ),
    Sign(
        ("greeting",),
        r"\b(?:Cisco|TANDBERG) Codec Release (?P<version>\S+)",
        "what the codec's shell says after and before the login",
    ),
    Sign(
        ("sip",),
        r"^TANDBERG/\d+ \((?P<version>(?:TE|TCNC|TC|CE|F|RoomOS ?)\d[^ ()]*)(?: [^()]*)?\)(?: "
        r"(?:Cisco-)?(?P<model>[\w-]+))?",
        "the version form is that of codecs alone",
    ),
    Sign(
        ("sip",),
        r"^TANDBERG/5\d\d \((?P<version>[^ ()]+(?:\([^()]*\))?)\) (?:Cisco-)?(?P<model>"
        r"(?:Room|Board|Desk|Codec|SX|MX|EX|DX|C)[\w-]*)$",
        "product numbers 5xx are codecs, and the room device is named",
    ),
    Sign(
        ("snmp-object-id",),
        r"^1\.3\.6\.1\.4\.1\.5596\.150(?:\.|$)",
        "sysObjectID of codecs",
    ),
    Sign(
        ("certificate",),
        r"^(?=.*\bCN=TANDBERG(?:,|$))(?=.*\bO=TANDBERG ASA\b)",
        "factory certificate",
    ),
)
