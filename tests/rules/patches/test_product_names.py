"""Which family and model a name means."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from rules.patches.grammars import Release, compare
from scanner.feeds.names import FeedNames
from scanner.products import families

TABLE = families()

MEANT = {
    "Cisco Webex Room Kit": ("", "cisco-ce-roomos", "Room Kit"),
    "Cisco Webex Room Kit Mini": ("", "cisco-ce-roomos", "Room Kit Mini"),
    "Cisco TelePresence SX20": ("TC7.3.6", "cisco-tc", "SX20"),
    "SX20 Quick Set": ("ce9.15.3", "cisco-ce-roomos", "SX20"),
    "TANDBERG Codec C90": ("", "cisco-tc", "C90"),
    "Cisco Meeting Server 2000": ("", "cisco-meeting-server", "Meeting Server 2000"),
    "Yealink Meeting Server": ("", "yealink-yms", "Yealink Meeting Server"),
    "Cisco TelePresence MSE 8710": (
        "",
        "cisco-telepresence-server",
        "TelePresence Server MSE 8710",
    ),
    "Cisco TelePresence MCU 4510": ("", "cisco-mcu", "MCU 4510"),
    "Polycom HDX 7002": ("", "polycom-hdx", "HDX 7002"),
    "Poly Studio X50": ("", "poly-videoos", "Studio X50"),
    "HUAWEI TE40": ("", "huawei-vrc", "TE40"),
    "Jitsi Meet": ("", "jitsi-meet", "Jitsi Meet"),
    "Expressway-E": ("", "cisco-expressway", "Expressway-E"),
}


@pytest.mark.parametrize(("device", "meant"), MEANT.items(), ids=MEANT)
def test_a_device_name_means(device: str, meant: tuple[str, str, str]) -> None:
    version, family, model = meant
    named = TABLE.resolve(device, version)
    assert named is not None
    assert (named.family, named.model) == (family, model)


def test_what_is_not_known_means_nothing() -> None:
    for device in ("", "Printer 4000", "Huawei Room Kit", "Polycom SX20", "\u0000" * 400):
        assert TABLE.named(device) == ()
    assert TABLE.resolve("Cisco TelePresence SX20", "Meeting 1") is None


@pytest.mark.corpus
def test_every_device_of_the_cases_is_known(shared: Path) -> None:
    with (shared / "vulndata" / "cases.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            named = TABLE.resolve(row["device"], row["version"])
            assert named is not None
            assert named.family == row["family"], row


IS_MODEL = {
    "itself": ("cisco-ce-roomos", "Webex Room Kit", "Room Kit", True),
    "a longer name": ("cisco-ce-roomos", "Room Kit Mini", "Room Kit", False),
    "its series": ("cisco-ce-roomos", "TelePresence SX80", "TelePresence SX Series", True),
    "another series": ("cisco-ce-roomos", "SX80", "Webex Room Series", False),
    "G2 is another model": ("cisco-tc", "MX300 G2", "MX300", False),
    "one of two": ("cisco-ce-roomos", "Room 70 Dual", "Room 70 Single/Dual", True),
    "bears the name of a series": ("cisco-ce-roomos", "Desk Pro", "Desk", False),
    "of the series": ("cisco-ce-roomos", "Desk Pro", "Desk Series", True),
    "no model known": ("cisco-ce-roomos", "", "Room Kit", None),
    "not in the table": ("cisco-ce-roomos", "Room Thing", "Room Kit", None),
    "words of the vendor": ("cisco-mcu", "Cisco TelePresence MCU 5320", "MCU 5300 Series", True),
    "a series that is not known": ("cisco-mcu", "MCU 5320", "MCU Family X", None),
    "named by its series": ("polycom-hdx", "HDX 8000 HD", "HDX 8002", None),
}


@pytest.mark.parametrize(("family", "device", "wanted", "told"), IS_MODEL.values(), ids=IS_MODEL)
def test_is_model(family: str, device: str, wanted: str, told: bool | None) -> None:
    assert TABLE.is_model(family, device, wanted) is told


def test_hardware_of_the_dictionary() -> None:
    assert TABLE.is_hardware("polycom-hdx", "HDX 9002", "hdx_9002") is True
    assert TABLE.is_hardware("polycom-hdx", "HDX 9002", "hdx_7001") is False
    assert TABLE.is_hardware("polycom-hdx", "HDX 9002", "hdx_5555") is False
    assert TABLE.is_hardware("polycom-hdx", "HDX 8000", "hdx_8002") is None
    assert TABLE.is_hardware("polycom-hdx", "", "hdx_8002") is None


def test_cpe_names_match_exactly() -> None:
    assert TABLE.of_cpe("Cisco", "RoomOS") == ("cisco-ce-roomos",)
    assert TABLE.of_cpe("poly", "studio_x30_firmware") == ("poly-videoos",)
    assert TABLE.cpe_model("poly-videoos", "poly", "studio_x30_firmware") == "Studio X30"
    assert TABLE.of_cpe("zte", "zxv10_w300") == ()
    assert TABLE.of_cpe("cisco", "roomos_plus") == ()


PRODUCTS = {
    "Cisco TelePresence Server": [("cisco-telepresence-server", "")],
    "Cisco TelePresence Server Software": [("cisco-telepresence-server", "")],
    "Cisco TelePresence System Software": [("cisco-cts", "")],
    "Cisco TelePresence System EX Series": [("cisco-tc", "System EX Series")],
    "Cisco Meeting Server": [("cisco-meeting-server", "")],
    "Cisco Meeting Server Media Services": [("cisco-meeting-server", "")],
    "Cisco Webex Meetings Server": [],
    "Cisco Network Admission Control Guest Server": [],
    "Cisco Video Surveillance Media Server Software": [],
    "Cisco Unified Computing System (Managed)": [],
    "Cisco Enterprise Content Delivery System (ECDS)": [],
    "Cisco TelePresence Recording Server": [],
    "Yealink Management Cloud Service": [],
    "Yealink Meeting Server Client": [],
    "Cisco Webex Desk": [("cisco-ce-roomos", "Desk")],
    "Cisco Desk Phone 9800": [],
    "Poly Studio App": [],
    "BigBlueButton Greenlight": [],
    "Cisco Webex Board": [("cisco-ce-roomos", "Webex Board")],
    "Cisco WebEx Room 70 Single/Dual": [("cisco-ce-roomos", "Room 70 Single/Dual")],
    "Polycom RealPresence Group Series": [("polycom-group", "")],
    "Cisco UCS C-Series Rack Servers": [],
    "Cisco Meraki MX": [],
}


@pytest.mark.parametrize(("product", "meant"), PRODUCTS.items(), ids=PRODUCTS)
def test_products_of_feeds(product: str, meant: list[tuple[str, str]]) -> None:
    """A feed speaks of the whole world's products, of which many bear a word of ours."""
    assert [(m.family, m.model) for m in FeedNames(TABLE).by_name("", product)] == meant


def test_every_family_is_told_apart() -> None:
    ids = [name for family in TABLE.families for name in (family.id, *family.also)]
    assert len(ids) == len(set(ids))
    for family in TABLE.families:
        assert family.vendors
        assert family.names
        assert all(cpe.model == "" or cpe.model in {m.name for m in family.models}
                   for cpe in family.cpe), family.id  # fmt: skip


def test_a_family_named_by_its_only_model_is_that_model() -> None:
    assert [n.model for n in TABLE.named("Yealink VC800")] == ["VC800"]


def test_patches_of_network_devices_are_in_order() -> None:
    for family, older, newer in (
        ("paloalto", "10.1.6", "10.1.6-h3"),
        ("paloalto", "10.1.6-h3", "10.1.6-h12"),
        ("pfsense", "2.6.0-RELEASE", "2.7.2"),
        ("mikrotik-routeros", "7.1rc4", "7.1"),
        ("fortios", "7.2.9", "7.2.10"),
    ):
        first, second = TABLE.parse(family, older), TABLE.parse(family, newer)
        assert isinstance(first, Release), older
        assert isinstance(second, Release), newer
        assert compare(first, second) == -1
