"""The command line: reads options, calls the engine and the reports, says what happened.

Machine output goes to standard output, everything else to standard error. Commands import what they
need when they run, so that a short command stays short.
"""

from __future__ import annotations

import logging
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from inventory.text import Text
from scanner.cli.completion import languages
from scanner.cli.help_texts import language_asked_for, speak, translate_all
from scanner.cli.settings import defaults, name_variables
from scanner.cli.speech import choose_language, give_up, language, say
from scanner.cli.usage_errors import speak_of_wrong_use
from scanner.settings_file import Settings, WrongSettings, nearest, read

app = typer.Typer(
    name="hnth",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Audit a video-conferencing network against Articles 10-12 of Decision 2456/QĐ-UBND.\n\n"
    "Example: hnth gate configs/",
)

CRASHED = 2
INTERRUPTED = 130
COMPLETING = "_HNTH_COMPLETE"
"""The variable through which a shell asks how a word may go on."""


@app.callback(invoke_without_command=True)
def options(
    context: typer.Context,
    lang: Annotated[
        str | None,
        typer.Option(
            envvar="HNTH_LANG", autocompletion=languages, help="vi or en; default: the locale's."
        ),
    ] = None,
    verbose: Annotated[
        bool,
        typer.Option("--verbose", "-v", envvar="HNTH_VERBOSE", help="Say what goes on."),
    ] = False,
    show_config: Annotated[
        bool,
        typer.Option(
            "--show-config", help="Print the options of COMMAND, or of all, and whence they come."
        ),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="With --show-config: JSON on standard output.")
    ] = False,
) -> None:
    """Options of every command."""
    _log(verbose)
    if lang not in (None, "vi", "en"):
        raise typer.BadParameter("vi or en", param_hint="--lang")
    choose_language(lang)
    if show_config:
        from scanner.cli.show_config import show  # noqa: PLC0415

        show(context, as_json)
        raise typer.Exit
    if context.invoked_subcommand is None:
        raise give_up(_NO_COMMAND)


def _log(verbose: bool) -> None:
    """Records of hnth's own modules go to standard error when asked for; libraries stay silent.

    Libraries would otherwise print whole tracebacks for devices that hang up in mid-sentence.
    """
    logging.basicConfig(level=logging.CRITICAL, format="%(name)s: %(message)s")
    for package in ("inventory", "rules", "reports", "scanner"):
        logging.getLogger(package).setLevel(logging.DEBUG if verbose else logging.CRITICAL)


ALONE = ("facts", "gate", "packet")
"""Commands that are run many times a day and start without the modules of the others."""


def _asked_alone() -> str | None:
    """The one command that can be meant, where nothing else has to know the others.

    hnth.toml is checked against the options of all commands.
    """
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in ALONE or COMPLETING in os.environ or nearest(Path.cwd()) is not None:
        return None
    return name


def _register(alone: str | None = None) -> None:
    """All commands become known, or one `ALONE`."""
    if alone is not None:
        app.command()(getattr(import_module(f"scanner.cli.{alone}"), alone))
        return
    from scanner.cli import (  # noqa: PLC0415
        attest,
        check,
        demo,
        doctor,
        facts,
        feeds,
        gate,
        inventory,
        judge,
        packet,
        report,
        rules,
        scan,
        schema,
        vault,
        waive,
    )

    app.command()(demo.demo)
    app.command()(inventory.init)
    app.add_typer(inventory.inventory_app, name="inventory")
    app.command()(scan.scan)
    app.command()(check.check)
    app.command()(judge.judge)
    app.command()(gate.gate)
    app.command()(facts.facts)
    app.command()(packet.packet)
    app.add_typer(feeds.feeds_app, name="feeds")
    app.command()(report.report)
    app.command()(report.runs)
    app.command()(rules.rules)
    app.command()(schema.schema)
    app.command()(attest.attest)
    app.command()(waive.waive)
    app.add_typer(vault.vault_app, name="vault")
    app.command()(doctor.doctor)


def expected(error: Exception) -> Text | None:
    """The one clear message of an error that is the user's to mend; None for a crash."""
    for name in ("reason", "text"):
        reason: Any = getattr(error, name, None)
        if isinstance(reason, Text):
            return reason
    return None


def _run() -> None:
    command = typer.main.get_command(app)
    name_variables(command)
    if COMPLETING in os.environ:
        _complete(command)
        return
    file = nearest(Path.cwd())
    _choose(Settings())  # also for what may be wrong with the file
    settings = read(file) if file is not None else Settings()
    _choose(settings)
    speak(command)
    speak_of_wrong_use()
    command(prog_name="hnth", default_map=defaults(command, settings), obj=settings)


def _choose(settings: Settings) -> None:
    choose_language(language_asked_for(sys.argv[1:], settings.table or {}))


def _complete(command: Any) -> None:
    """Answers a shell that completes a word; wrong settings are for another time to tell."""
    try:
        file = nearest(Path.cwd())
        _choose(read(file) if file is not None else Settings())
    except WrongSettings:
        _choose(Settings())
    if language() == "vi":
        translate_all(command)
    command(prog_name="hnth")


def main() -> None:
    """Run the command and leave with the exit status of the design page."""
    _register(_asked_alone())
    try:
        _run()
    except KeyboardInterrupt:
        say(
            "Đã dừng theo yêu cầu; kết quả đã có được giữ lại.",
            "Interrupted; what was done is kept.",
        )
        sys.exit(INTERRUPTED)
    except Exception as error:
        message = expected(error)
        if message is None:
            say(
                "hnth gặp lỗi không lường trước; đây là lỗi của chương trình, xin báo lại:",
                "hnth met an error nobody foresaw; this is a defect, please report it:",
            )
            raise
        say(message.vi, message.en)
        sys.exit(CRASHED)


_NO_COMMAND = Text(
    vi="Thiếu lệnh, ví dụ: hnth gate . ; danh sách lệnh: hnth --help",
    en="A command is missing, for instance: hnth gate . ; all commands: hnth --help",
)
