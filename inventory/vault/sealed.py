"""The format of the file: a header in plain, then everything else under AES-256-GCM.

    magic "HNTHVLT1" · log2 N, r, p of scrypt (a byte each) · salt (16) · nonce (12)
    · check of the password (32) · SHA-256 of all the above (32) · body with its tag

The digest tells a damaged header from a wrong password without any password; the check of the
password, an HMAC under a key of its own, tells a wrong password from a damaged body. The whole
header is associated data of the body, so nothing of one file can be moved into another.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import struct
import unicodedata
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from inventory.secrets import Secret
from inventory.text import Text
from inventory.vault.errors import Damaged, VaultError, WrongPassword

MAGIC = b"HNTHVLT1"
_FAMILY = MAGIC[:-1]
_FIELDS = struct.Struct(">8sBBB16s12s32s")
_DIGEST_BYTES = 32
HEADER_BYTES = _FIELDS.size + _DIGEST_BYTES
MAX_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Cost:
    """Work of scrypt per guess: 128 · r · 2^log2_n bytes of memory, p times."""

    log2_n: int = 17
    r: int = 8
    p: int = 1


COST = Cost()
"""Of new files: 128 MiB and about half a second."""

LEAST = Cost()
MOST = Cost(log2_n=20, r=16, p=4)
"""Bounds for a file that is read: less protects nothing, more would exhaust the machine."""


@dataclass(frozen=True, slots=True)
class Key:
    """What the master password becomes for one salt. Never shown."""

    cost: Cost
    salt: bytes
    _check: bytes
    _body: bytes

    def __repr__(self) -> str:
        return "Key(...)"

    def seal(self, content: bytes) -> bytes:
        """The file that holds the content; every call gives another one."""
        nonce = os.urandom(12)
        fields = (MAGIC, self.cost.log2_n, self.cost.r, self.cost.p, self.salt, nonce)
        plain = _FIELDS.pack(*fields, self.check(nonce))
        header = plain + hashlib.sha256(plain).digest()
        return header + AESGCM(self._body).encrypt(nonce, content, header)

    def check(self, nonce: bytes) -> bytes:
        """Proves the key without giving anything of it away."""
        about = MAGIC + bytes((self.cost.log2_n, self.cost.r, self.cost.p)) + self.salt + nonce
        return hmac.digest(self._check, about, "sha256")

    def open(self, sealed: bytes) -> bytes:
        """The content. Raises `Damaged`, or `WrongPassword` where this is another file's key."""
        header = _header(sealed)
        if (header.cost, header.salt) != (self.cost, self.salt):
            raise WrongPassword(_OTHER_KEY)
        if not hmac.compare_digest(header.check, self.check(header.nonce)):
            raise WrongPassword(_WRONG_PASSWORD)
        body = sealed[HEADER_BYTES:]
        try:
            return AESGCM(self._body).decrypt(header.nonce, body, sealed[:HEADER_BYTES])
        except InvalidTag:
            pass
        raise Damaged(_BODY_DAMAGED)


@dataclass(frozen=True, slots=True)
class _Header:
    cost: Cost
    salt: bytes
    nonce: bytes
    check: bytes


def new_key(password: Secret, cost: Cost | None = None) -> Key:
    """The key of a new file, with a salt of its own."""
    return _derived(password, cost or COST, os.urandom(16))


def key_for(sealed: bytes, password: Secret) -> Key:
    """The key that the password gives for this file; whether it opens it shows `Key.open`.

    Raises `Damaged` or `VaultError` for a file that is none, before any work is done for it.
    """
    header = _header(sealed)
    return _derived(password, header.cost, header.salt)


def _derived(password: Secret, cost: Cost, salt: bytes) -> Key:
    # NFC: the same letters typed on another keyboard must open the file
    typed = unicodedata.normalize("NFC", password.reveal()).encode("utf-8", "surrogatepass")
    scrypt = Scrypt(salt=salt, length=64, n=1 << cost.log2_n, r=cost.r, p=cost.p)
    derived = scrypt.derive(typed)
    return Key(cost, salt, derived[:32], derived[32:])


def _header(sealed: bytes) -> _Header:
    if not sealed.startswith(_FAMILY):
        raise Damaged(_NO_VAULT)
    if len(sealed) < HEADER_BYTES:
        raise Damaged(_HEADER_DAMAGED)
    plain, digest = sealed[: _FIELDS.size], sealed[_FIELDS.size : HEADER_BYTES]
    if not hmac.compare_digest(hashlib.sha256(plain).digest(), digest):
        raise Damaged(_HEADER_DAMAGED)
    magic, log2_n, r, p, salt, nonce, check = _FIELDS.unpack(plain)
    if magic != MAGIC:
        raise VaultError(_NEWER)
    cost = Cost(log2_n, r, p)
    if not (
        LEAST.log2_n <= log2_n <= MOST.log2_n and LEAST.r <= r <= MOST.r and LEAST.p <= p <= MOST.p
    ):
        raise VaultError(_COST_REFUSED)
    return _Header(cost, salt, nonce, check)


_NO_VAULT = Text(
    vi="tệp này không phải là kho mật khẩu của hnth, hoặc phần đầu tệp đã hỏng; hãy kiểm tra đường "
    "dẫn hoặc lấy lại bản sao lưu",
    en="this is no vault of hnth, or its beginning is damaged; check the path or restore a backup",
)
_HEADER_DAMAGED = Text(
    vi="phần đầu của kho mật khẩu đã hỏng (không phải do sai mật khẩu chủ); hãy lấy lại bản sao "
    "lưu",
    en="the header of the vault is damaged (the master password is not the cause); restore a "
    "backup",
)
_BODY_DAMAGED = Text(
    vi="mật khẩu chủ đúng nhưng nội dung kho mật khẩu đã hỏng hoặc bị sửa; hãy lấy lại bản sao lưu",
    en="the master password is right, but the vault is damaged or was tampered with; restore a "
    "backup",
)
_WRONG_PASSWORD = Text(
    vi="sai mật khẩu chủ (tệp kho mật khẩu còn nguyên vẹn); hãy nhập lại",
    en="the master password is wrong (the file itself is whole); try again",
)
_OTHER_KEY = Text(
    vi="mật khẩu chủ đã được đổi trong lúc kho đang mở; không có gì được ghi, hãy chạy lại lệnh",
    en="the master password was changed while the vault was open; nothing was written, run the "
    "command again",
)
_NEWER = Text(
    vi="kho mật khẩu do phiên bản hnth mới hơn tạo ra; hãy cập nhật hnth",
    en="the vault was written by a newer version of hnth; update hnth",
)
_COST_REFUSED = Text(
    vi="tham số scrypt trong kho mật khẩu nằm ngoài giới hạn an toàn; hnth không mở tệp này",
    en="the scrypt parameters of the vault are outside the safe bounds; hnth does not open it",
)
