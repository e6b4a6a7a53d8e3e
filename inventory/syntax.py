"""What is wrong with the form of a file, before anyone asks what it says."""

from __future__ import annotations

from inventory.text import Text

NOT_UTF8 = Text(
    vi="tệp không ở bảng mã UTF-8; mở bằng trình soạn thảo và lưu lại dưới dạng UTF-8",
    en="the file is not UTF-8; open it in an editor and save it as UTF-8",
)
CONTROL_CHARACTER = Text(
    vi="có ký tự điều khiển không nhìn thấy; xóa và gõ lại dòng này",
    en="there is an invisible control character; delete this line and type it again",
)
EMPTY = Text(
    vi='tệp rỗng; tạo tệp mẫu bằng "hnth init"',
    en='the file is empty; write a starter with "hnth init"',
)
NOT_KEYS = Text(
    vi="phần ngoài cùng phải là các mục dạng «tên: giá trị»",
    en="the outermost part must be keys of the form «name: value»",
)
SECOND_DOCUMENT = Text(
    vi="tệp chỉ được có một tài liệu YAML; bỏ dòng «---» này",
    en="the file may hold only one YAML document; remove this «---»",
)
ALIAS = Text(
    vi="dấu * ở đầu giá trị trỏ tới một neo (&) không có ở phía trên; đặt giá trị trong dấu nháy",
    en="* before a value refers to an anchor (&) that is not above it; put the value in quotes",
)
TOO_MANY = Text(
    vi="tệp có hơn {most} giá trị; đây có đúng là tệp khai báo không?",
    en="the file holds more than {most} values; is it really a declaration?",
)
DUPLICATE = Text(
    vi="mục{name} đã được ghi ở dòng {first}; chỉ giữ lại một",
    en="the key{name} was already written on line {first}; keep one of them",
)
TAG = Text(
    vi="không dùng thẻ kiểu (!) của YAML; bỏ thẻ, hoặc đặt giá trị trong dấu nháy",
    en="YAML tags (!) are not allowed; remove the tag, or quote the value",
)
TOO_DEEP = Text(
    vi="lồng nhau quá nhiều tầng; kiểm tra dấu ngoặc và thụt lề",
    en="nested too many levels deep; check brackets and indentation",
)
KEY_NOT_A_WORD = Text(
    vi="tên mục phải là một từ; kiểm tra thụt lề và dấu ngoặc",
    en="the name of a key must be a word; check indentation and brackets",
)
TAB = Text(
    vi="thụt lề bằng dấu tab; YAML chỉ nhận dấu cách, thay mỗi tab bằng hai dấu cách",
    en="indented with a tab; YAML takes only spaces, put two spaces for each tab",
)
SYNTAX = (
    (
        "mapping values are not allowed",
        Text(
            vi="dấu hai chấm không đúng chỗ; kiểm tra thụt lề, đặt chữ có «: » trong dấu nháy",
            en="a colon is out of place; check the indentation, quote text that holds «: »",
        ),
    ),
    (
        "could not find expected ':'",
        Text(
            vi="thiếu dấu hai chấm và dấu cách sau tên mục: «tên: giá trị»",
            en="a colon and a space are missing after a key: «name: value»",
        ),
    ),
    (
        "unexpected end of stream",
        Text(vi="dấu nháy mở mà không đóng", en="a quote is opened and never closed"),
    ),
    (
        "cannot start any token",
        Text(
            vi="giá trị bắt đầu bằng ký tự dành riêng của YAML; đặt giá trị trong dấu nháy đơn",
            en="a value begins with a character that YAML reserves; put it in single quotes",
        ),
    ),
    (
        "unknown escape character",
        Text(
            vi="dấu \\ trong dấu nháy kép có nghĩa đặc biệt; dùng dấu nháy đơn",
            en="\\ has a special meaning in double quotes; use single quotes",
        ),
    ),
)
SYNTAX_OTHER = Text(
    vi="không hiểu cấu trúc từ đây; so thụt lề, dấu gạch đầu dòng và dấu ngoặc với các dòng trên",
    en="the structure is not understood from here on; compare indentation, dashes and brackets"
    " with the lines above",
)


def syntax_reason(problem: str, text: str, line: int | None) -> Text:
    """What is probably wrong near the line at which the parser gave up."""
    lines = text.split("\n")
    near = lines[max(0, (line or 1) - 2) : line]
    if any("\t" in part[: len(part) - len(part.lstrip())] for part in near):
        return TAB
    for words, reason in SYNTAX:
        if words in problem:
            return reason
    return SYNTAX_OTHER
