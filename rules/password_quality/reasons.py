"""The sentences about passwords: categories and counts, never a character of one."""

from __future__ import annotations

from inventory.text import Text
from rules.password_quality.vocabulary import Category

TOO_SHORT = Text(
    vi="chỉ có {n} ký tự, yêu cầu tối thiểu 8 ký tự",
    en="has {n} characters where 8 are the least",
)
MISSING = {
    "D11.2-c": Text(vi="không có chữ số", en="holds no digit"),
    "D11.2-d": Text(vi="không có chữ thường", en="holds no lower-case letter"),
    "D11.2-e": Text(vi="không có chữ in hoa", en="holds no upper-case letter"),
    "D11.2-f": Text(
        vi="không có ký tự đặc biệt (dấu cách không được tính)",
        en="holds no special character (a blank does not count)",
    ),
}
NOT_SUPPORTED = Text(
    vi="thiết bị không hỗ trợ: chỉ nhận chữ số",
    en="the device does not support it: it takes digits only",
)
BEYOND_ASCII = Text(
    vi="có ký tự ngoài bảng mã ASCII; nhiều thiết bị từ chối hoặc cắt bớt ký tự này",
    en="holds characters beyond ASCII, which many devices refuse or cut off",
)
NOTHING_FOUND = Text(
    vi="không phát hiện tên riêng hoặc ý nghĩa đi kèm (bộ từ vựng {version})",
    en="no name or meaning found (vocabulary {version})",
)
HOLDS = Text(vi="chứa {kind}", en="holds {kind}")
MAY_HOLD = Text(
    vi="có thể chứa {kind}; cần người xem xét",
    en="may hold {kind}; a person decides",
)
KINDS = {
    Category.CONTEXT: Text(
        vi="thông tin của chính tài khoản, thiết bị, đơn vị hoặc người liên hệ",
        en="words or numbers of the account, its device, unit or contact",
    ),
    Category.PLACE: Text(vi="địa danh", en="the name of a place"),
    Category.PERSON: Text(
        vi="tên người, chức danh hoặc cách xưng hô",
        en="the name of a person, a title or a form of address",
    ),
    Category.UNIT: Text(
        vi="tên hoặc chữ viết tắt của cơ quan, doanh nghiệp",
        en="the name or abbreviation of an agency or company",
    ),
    Category.PRODUCT: Text(
        vi="tên hãng, tên thiết bị, tên vai trò hoặc thuật ngữ của hệ thống",
        en="the name of a vendor, device or role, or a term of the system",
    ),
    Category.WORD: Text(vi="từ hoặc cụm từ tiếng Việt có nghĩa", en="a Vietnamese word or phrase"),
    Category.FOREIGN: Text(
        vi="từ có nghĩa của tiếng nước ngoài", en="a word of English or another language"
    ),
    Category.NUMBER: Text(
        vi="ngày tháng, năm, số điện thoại, mã vùng hoặc biển số",
        en="a date, year, telephone number, area code or plate number",
    ),
    Category.COMMON: Text(
        vi="mật khẩu phổ biến hoặc quy luật (dãy liên tiếp, phím liền nhau, lặp lại)",
        en="a common password or a pattern (sequence, row of keys, repeat)",
    ),
}
DOUBTS = KINDS | {
    Category.PERSON: Text(vi="một tên người ngắn", en="a short name of a person"),
    Category.FOREIGN: Text(
        vi="từ có nghĩa không có trong bộ từ vựng",
        en="a word that the vocabulary does not know",
    ),
}
PASSPHRASE = Text(vi="nhiều từ không liên quan với nhau", en="several unrelated words")
TOO_LONG = Text(
    vi="tên hoặc từ có nghĩa mà máy không xét được vì mật khẩu quá dài",
    en="names or words not searched for, because the password is too long",
)
ONE_ACCOUNT = Text(
    vi="D11.2-g: chỉ có một mật khẩu nên không có gì để đối chiếu; kho mật khẩu đối chiếu mọi tài "
    "khoản",
    en="D11.2-g: a single password has none to be compared with; the vault compares all accounts",
)
COMPARED_HERE = Text(
    vi="D11.2-g: chỉ đối chiếu các mật khẩu của danh sách này; kho mật khẩu đối chiếu mọi tài "
    "khoản",
    en="D11.2-g: only the passwords of this list were compared; the vault compares all accounts",
)
SHARED = Text(
    vi="trùng với mật khẩu của tài khoản khác",
    en="equals the password of another account",
)
