"""The examples of the shared page, and many more of each of its kinds, are judged as stated."""

from __future__ import annotations

import csv
import io
import unicodedata
from pathlib import Path

import pytest

from rules.password_quality import Context, judge


def stated(shared: Path) -> list[dict[str, str]]:
    page = (shared / "regulation" / "PASSWORDS.md").read_text(encoding="utf-8")
    table = page.split("```csv\n")[1].split("```")[0]
    return list(csv.DictReader(io.StringIO(table)))


@pytest.mark.corpus
def test_every_stated_example_is_judged_as_stated(shared: Path) -> None:
    rows = stated(shared)
    assert len(rows) == 85
    wrong = [
        row["reason"]
        for row in rows
        if str(judge(row["password"]).overall).lower() != row["expected"]
    ]
    assert wrong == []


@pytest.mark.corpus
def test_what_fails_by_its_meaning_fails_d11_2_h(shared: Path) -> None:
    wrong = [
        row["reason"]
        for row in stated(shared)
        if row["expected"] == "fail"
        and not row["reason"].startswith("Structure")
        and judge(row["password"]).verdicts["D11.2-h"] != "FAIL"
    ]
    assert wrong == []


FAILING = {
    "words": "Xinchao#1 Yeuem@123 Tudo@2021 Hocsinh#12 Nhatoi@1990 Cafe@2020 Noel@2022 Emyeu#1a",
    "places": "AnCu@2020 Oceo@1234 OLam@2021 KienGiang#68 Hanoi#2020 TPHCM@2020 Vinh@2020a",
    "parted places": "Ba#Ria!99 Tra-Su@1a An_Giang_2020 A.n.G.i.a.n.g1 Mat1Khau2@ Xa#Vinhxuong1",
    "units": "Ubnd@2020 HDND#2021 FPT@12345 SoTTTT@2020 Tinhuy@ag1 Chicuc@2020 TSLCD@2020",
    "products": "Huawei@123 HDX8000@a Mcu#2020a Zoom@2020 Admin@2020 Hop@2020a Sony@1234 HNTH@2020",
    "people": "Nguyen@1990 Lan@1995# BacTon@1888 BiThu@2020 AnhBa#1945 Hung@12345 MaiAnh#1",
    "telex": "CafMau#12x LongSown@1 Maatjkhaaur@1 Camrown@20 Truwcj@2020 Chaau@Ddoocs1 OocsEo@2020",
    "vni": "D9ie63mCa62u@ Ho65iNghi5@ Ca3mO7n@20 Tru7o7ngSa@1 Nguye64n@1 Co6ngAn@113 D9ie63m@2020",
    "diacritics": "CảmƠn@2020 YêuEm@2020 BácHồ@1890 MẹYêu@1234 TrựcTuyến#1 Đường@2020a",
    "substitutes": "H0iNgh1@2020 4nG14ng@1 C1sc0@2020 $aiG0n@75 P@ssw0rd1 V!ett3l#1 Z00m@2020",
    "backwards": "uCnA@1#20 gnaignA#1 mocyloP@1 nimda@2020A dnbU@2020 drowssaP@1 oHcaB@1905",
    "numbers": "67A-123.45a Xy0918123456# Ag67A-12345@x Zt@02091945k 30/4/1975@Aa Kx@0296385200q",
    "patterns": "Ghjkl@123 7890uioP@ Qwer@1234 1qaz@WSX !Q@W3e4r Aabb@1122 Abcd!234 AbAbAb1@",
    "english": "Welcome@1 Summer@2020 BlueSky@2020 Iloveyou@1 Trustno1@ Sun@2020x Monday#2020",
}


@pytest.mark.parametrize("kind", FAILING)
def test_meaning_is_found(kind: str) -> None:
    passed = [p for p in FAILING[kind].split() if judge(p).verdicts["D11.2-h"] != "FAIL"]
    assert passed == []


@pytest.mark.parametrize("kind", FAILING)
def test_decomposed_spelling_changes_nothing(kind: str) -> None:
    for password in FAILING[kind].split():
        assert judge(unicodedata.normalize("NFD", password)) == judge(password)


def test_chance_likeness_is_no_meaning() -> None:
    random = (
        "k9@toW7#qZ4f x7#hoV2!zR8 Zt7#mep4!Kx2 3nWe@dK#71qz Xe4#Ia9!Uo2$ A1!bE2@cI3# Rm8!Pom4#zKq "
        "c9T#Dux2@vLb tY7-hes!9QX Fz$8Bik4#Wq %9dTxQ=e5zK(w)B q1W!z9X@k7M Kx#7AGz!q9 iG'[hC7Vu`y#"
    )
    assert [p for p in random.split() if judge(p).overall != "PASS"] == []


@pytest.mark.parametrize(
    "password",
    [
        "Correct7-Horse#Battery9Staple",
        "Table$River7Candle!Moon",
        "Guitar Planet_Orange7 Winter!",
        "correcthorsebatterystaple1A!",
        "Tàu-Mèo#Bàn_Sách9",
        "Xq7#Lan4$9qZ!2m",
        "9vZ!Nam#2kQ7x$",
    ],
)
def test_a_person_decides_about_passphrases_and_short_names(password: str) -> None:
    assert judge(password).verdicts["D11.2-h"] == "UND"


@pytest.mark.parametrize(
    "password",
    [
        "AnGiang7-Horse#Battery9Staple",
        "An-Toan#Thong_Tin1",
        "Lang.Thoai.Ngoc.Hau!99",
        "London7-Horse#Battery9Staple",
    ],
)
def test_a_passphrase_with_a_name_or_a_known_phrase_fails(password: str) -> None:
    assert judge(password).verdicts["D11.2-h"] == "FAIL"


HOST = Context(account=("quanly",), host=("VCS-TRITON-01",), phone=("0296 3852 001",))
AROUND = {
    "account": ("Quanly#7xK2q", HOST),
    "account backwards": ("xQ7#ylnauq9Z", HOST),
    "host": ("xK#Triton01z", HOST),
    "host in other marks": ("zQ!tri-ton_01X", HOST),
    "host with substitutes": ("zXTr1t0n01#Kq", HOST),
    "telephone": ("xK#852001qZ!b", HOST),
    "telephone in pieces": ("xK#852-001qZb", HOST),
    "contact": ("Xvanky#9Zq7!b", Context(contact=("Trần Văn Kỷ",))),
    "initials": ("Xq7#tvk!9zB", Context(contact=("Trần Văn Kỷ",))),
    "site by Telex": ("Xlachj9q#Zw", Context(site=("Xlach 9",))),
    "model": ("qZ!xr5512w#kP", Context(model=("XR-5512",))),
}


@pytest.mark.parametrize(("password", "context"), AROUND.values(), ids=AROUND.keys())
def test_words_of_the_account_are_found(password: str, context: Context) -> None:
    assert judge(password, context).verdicts["D11.2-h"] == "FAIL"


NOT_AROUND = {
    "two digits of the host": ("xK#7qZ01!bW", HOST),
    "other digits": ("Zk!12398#pXw", HOST),
    "a word of two letters": ("Kq7#wnZ9!xw", Context(account=("wn",))),
}


@pytest.mark.parametrize(("password", "context"), NOT_AROUND.values(), ids=NOT_AROUND.keys())
def test_little_likeness_to_the_context_is_chance(password: str, context: Context) -> None:
    assert judge(password, context).verdicts["D11.2-h"] == "PASS"
