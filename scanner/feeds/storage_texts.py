"""What can go wrong with stored feeds, in words that a person can act on."""

from __future__ import annotations

import sqlite3

from inventory.text import Text

MISSING = Text(
    vi="Chưa có dữ liệu lỗ hổng nào được nhập ({file}). Hãy nhập bằng: hnth feeds import TỆP...",
    en="No vulnerability data has been imported yet ({file}). Import with: "
    "hnth feeds import FILE...",
)
FOREIGN = Text(
    vi="Tệp {file} thuộc chương trình khác và được giữ nguyên. Hãy chọn nơi khác bằng --database.",
    en="The file {file} belongs to another program and was left as it is. Choose another place "
    "with --database.",
)
NEWER = Text(
    vi="Tệp {file} do phiên bản hnth khác tạo ra. Hãy dùng phiên bản đó, hoặc xóa tệp rồi nhập "
    "lại.",
    en="The file {file} was made by another version of hnth. Use that version, or delete the file "
    "and import again.",
)
OLDER = Text(
    vi="{file}: dữ liệu {feed} này có mốc thời gian {own}, cũ hơn dữ liệu đang lưu ({stored}); "
    "không thay đổi gì. Nếu thực sự muốn quay lại bản cũ, hãy thêm --force.",
    en="{file}: this {feed} data bears the time {own}, older than what is stored ({stored}); "
    "nothing was changed. To go back to the older one all the same, add --force.",
)
FUTURE = Text(
    vi="{file}: mốc thời gian {stamp} nằm trong tương lai; hãy kiểm tra tệp và đồng hồ máy này",
    en="{file}: it is stamped {stamp}, in the future; check the file and the clock of this machine",
)
DAMAGED = Text(
    vi="Dữ liệu lỗ hổng trong {file} bị hỏng. Hãy khôi phục từ bản sao lưu, hoặc xóa tệp rồi nhập "
    "lại.",
    en="The vulnerability data in {file} is damaged. Restore it from a backup, or delete the file "
    "and import again.",
)
BUSY = Text(
    vi="Tệp {file} đang bị một chương trình khác giữ. Hãy đợi chương trình đó xong rồi thử lại.",
    en="The file {file} is held by another program. Wait until it has finished and try again.",
)
PLACE = Text(
    vi="Không mở hoặc ghi được {file}. Hãy kiểm tra thư mục, quyền truy nhập và dung lượng đĩa.",
    en="{file} cannot be opened or written. Check the folder, the permissions and the disk space.",
)
REFUSED = Text(
    vi="Không dùng được {file}. Hãy kiểm tra tệp và thư mục chứa nó.",
    en="{file} cannot be used. Check the file and its folder.",
)
BY_CODE = {
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: FOREIGN,
    sqlite3.SQLITE_READONLY: PLACE,
    sqlite3.SQLITE_CANTOPEN: PLACE,
    sqlite3.SQLITE_FULL: PLACE,
    sqlite3.SQLITE_IOERR: PLACE,
}
