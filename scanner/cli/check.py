"""`hnth check ADDRESS`: one device before it goes into use, without an inventory."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from inventory.text import Text
from scanner.cli.completion import families
from scanner.cli.json_text import print_json
from scanner.cli.scan import AllowIncomplete, AsJson, FailOn, Quiet, severity
from scanner.cli.speech import give_up
from scanner.cli.vault_door import ScanPasswordFile

if TYPE_CHECKING:
    from scanner.check.model import CheckResult
    from scanner.cli.check_watch import Rounds

Port = Annotated[int, typer.Option(min=1, max=65535, help="TCP port of SSH.")]
Vault = Annotated[
    Path | None,
    typer.Option(
        "--vault", envvar="HNTH_VAULT", help="The vault; default: vault.hnth in the current folder."
    ),
]


def check(
    context: typer.Context,
    targets: Annotated[
        list[str],
        typer.Argument(metavar="ADDRESS", help="Address of the device; with --files its files."),
    ],
    files: Annotated[
        bool, typer.Option("--files", help="Check saved files of one device; nothing is sent.")
    ] = False,
    platform: Annotated[
        str | None,
        typer.Option(
            "--platform",
            "-p",
            autocompletion=families,
            help="Device family; default: what the device says.",
        ),
    ] = None,
    kind: Annotated[
        Literal["vcs", "mcu"] | None, typer.Option(help="What it is, where its family can be both.")
    ] = None,
    user: Annotated[
        str | None, typer.Option("--user", "-u", help="Account to read the configuration with.")
    ] = None,
    password_env: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Variable that holds the password; else it is asked."),
    ] = None,
    vault_entry: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Entry of the vault; default: that of the address."),
    ] = None,
    vault: Vault = None,
    vault_password_file: ScanPasswordFile = None,
    host_key: Annotated[
        str | None, typer.Option(metavar="SHA256:...", help="SSH host key of the device.")
    ] = None,
    certificate: Annotated[
        str | None, typer.Option(metavar="HEX", help="SHA-256 of the device's TLS certificate.")
    ] = None,
    accept_identity: Annotated[
        bool,
        typer.Option("--accept-identity", help="Take the keys that the device shows, unasked."),
    ] = False,
    ssh_port: Port = 22,
    https_port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="TCP port of HTTPS.")
    ] = None,
    ports: Annotated[str, typer.Option(help="TCP ports to ask.")] = "1-65535",
    rate: Annotated[
        int, typer.Option(min=8, help="Budget in kbit/s; the device is not in use yet.")
    ] = 4000,
    record: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the record to be signed: .html or .pdf."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing record.")] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Look again after each fix, until nothing fails.")
    ] = False,
    every: Annotated[
        int | None,
        typer.Option(min=1, metavar="SECONDS", help="With --watch: do not wait for Enter."),
    ] = None,
    database: Annotated[
        str, typer.Option("--database", "-d", help="Where findings and evidence are kept.")
    ] = "hnth-check.db",
    fail_on: FailOn = "S3",
    allow_incomplete: AllowIncomplete = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Check one device before it goes into use; it is recognised by what it says of itself.

    Its configuration is read when an account is given (--user, or an entry of the vault); its
    ports are asked in any case. What only a signed record can settle does not count as open.

    Example: hnth check 192.0.2.10 --user kiemtra --record bien-ban.pdf
    """
    from scanner.cli.check_login import Given  # noqa: PLC0415 - heavy parts load when needed
    from scanner.cli.check_record import writable, write_record  # noqa: PLC0415
    from scanner.cli.outcome import exit_status  # noqa: PLC0415
    from scanner.engine.one_device import Pins  # noqa: PLC0415
    from scanner.platforms import find  # noqa: PLC0415

    threshold = severity(fail_on)
    if platform is not None:
        find(platform)  # a wrong name is said before anything is asked
    if record is not None:
        writable(record, force)

    def carried_through(rounds: Rounds) -> CheckResult:
        return _carried_through(rounds, watch, every, quiet, as_json, None if files else database)

    if files:
        from scanner.cli.check_files import Saved  # noqa: PLC0415

        _nothing_to_log_in_to(context)
        result = carried_through(Saved(tuple(map(Path, targets)), platform, kind, database))
    else:
        from scanner.cli.check_device import Device, Wanted  # noqa: PLC0415

        pins = Pins(host_key, certificate)
        wanted = Wanted(
            target=_only(targets),
            given=Given(user, password_env, pins, accept_identity),
            vault=vault,
            vault_password_file=vault_password_file,
            vault_entry=vault_entry,
            platform=platform,
            kind=kind,
            ssh_port=ssh_port,
            https_port=https_port,
            ports=ports,
            rate=rate,
            database=database,
            quiet=quiet,
        )
        result = carried_through(Device.met(wanted))
    if record is not None:
        write_record(result, record, force)
    raise typer.Exit(exit_status(result.decided, threshold, allow_incomplete))


def _carried_through(
    rounds: Rounds,
    watch: bool,
    every: int | None,
    quiet: bool,
    as_json: bool,
    database: str | None,
) -> CheckResult:
    """The last look at the device, shown as it was asked for."""
    from scanner.cli.check_screen import print_screen  # noqa: PLC0415

    def show(result: CheckResult) -> None:
        if not as_json and not quiet:
            print_screen(result, database)

    result = rounds.whole()
    show(result)
    if watch:
        from scanner.cli.check_watch import until_mended  # noqa: PLC0415

        result = until_mended(rounds, result, show, every)
    if as_json:
        from reports import json_findings  # noqa: PLC0415

        document = json_findings.render(result.report)
        print_json(document)
    return result


def _nothing_to_log_in_to(context: typer.Context) -> None:
    """An option that was typed and would do nothing is a mistake; one that is settled is not."""
    for parameter in context.command.params:
        source = context.get_parameter_source(parameter.name or "")
        typed = source is not None and source.name == "COMMANDLINE"
        if typed and parameter.name in _OF_THE_NETWORK:
            raise give_up(_SENDS_NOTHING.format(option=parameter.opts[0]))


def _only(targets: list[str]) -> str:
    if len(targets) != 1:
        raise give_up(_ONE_DEVICE)
    return targets[0]


_OF_THE_NETWORK = frozenset(
    {
        "user",
        "password_env",
        "vault",
        "vault_entry",
        "vault_password_file",
        "host_key",
        "certificate",
        "accept_identity",
        "ssh_port",
        "https_port",
        "ports",
        "rate",
    }
)
_SENDS_NOTHING = Text(
    vi="--files không gửi gì đến thiết bị nên {option} không có tác dụng; hãy bỏ một trong hai.",
    en="--files sends nothing to a device, so {option} does nothing; leave one of them out.",
)
_ONE_DEVICE = Text(
    vi="Mỗi lần chỉ kiểm tra một thiết bị; hãy nêu một địa chỉ (hoặc thêm --files nếu đó là các "
    "tệp cấu hình).",
    en="One device is checked at a time; give one address (or add --files where these are saved "
    "files).",
)
