"""The gate's integrations are run as a pipeline runs them, on the network of docs/examples."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.docs.test_links import dead_links
from tools.refresh_docs import ROOT

EXAMPLES = ROOT / "docs" / "examples"
TELNET = "phong-hop-lon.txt:16"
WIDE = "fw-trung-tam.conf:33"
GIT = (
    "git",
    "-c",
    "user.name=x",
    "-c",
    "user.email=x@example.org",
    "-c",
    "init.defaultBranch=main",
)


def environment(**more: str) -> dict[str, str]:
    """That of a pipeline on which hnth is installed; nothing of this machine's settings for it."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("HNTH_", "GIT_", "GITHUB_"))}
    beside = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**kept, "PATH": beside, "HNTH_LANG": "en", **more}


def run(folder: Path, *command: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=environment(**more),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def put(folder: Path, state: str) -> None:
    """The exports in `configs` are those of this state of the example network."""
    (folder / "configs").mkdir(exist_ok=True)
    for file in (EXAMPLES / "network" / state).iterdir():
        shutil.copy(file, folder / "configs")


def commit(folder: Path) -> str:
    for command in (("add", "."), ("commit", "-qm", "x")):
        done = run(folder, *GIT, *command)
        assert done.returncode == 0, done.stderr
    return run(folder, *GIT, "rev-parse", "HEAD").stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository of configurations: the example network in order, committed."""
    folder = tmp_path / "repository"
    folder.mkdir()
    put(folder, "fixed")
    shutil.copy(EXAMPLES / "network" / "inventory.yaml", folder)
    assert run(folder, *GIT, "init", "-q").returncode == 0
    commit(folder)
    return folder


def in_yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_each_export_of_the_example_has_one_mistake() -> None:
    broken, fixed = (EXAMPLES / "network" / name for name in ("broken", "fixed"))
    assert sorted(p.name for p in broken.iterdir()) == sorted(p.name for p in fixed.iterdir())
    for file in broken.iterdir():
        lines = file.read_text(encoding="utf-8").splitlines()
        right = (fixed / file.name).read_text(encoding="utf-8").splitlines()
        differing = [a for a, b in zip(lines, right, strict=True) if a != b]
        assert len(differing) == 1, file.name


SCHEMAS = [
    ("action.yml", "vendor.github-actions", None),
    ("docs/examples/github/.github/workflows/gate.yml", "vendor.github-workflows", None),
    ("docs/examples/gitlab/gate.gitlab-ci.yml", "vendor.gitlab-ci", "gitlab-ci"),
    ("docs/examples/gitlab/.gitlab-ci.yml", "vendor.gitlab-ci", "gitlab-ci"),
]


@pytest.mark.parametrize(("file", "schema", "transform"), SCHEMAS, ids=[row[0] for row in SCHEMAS])
def test_files_for_servers_are_valid(file: str, schema: str, transform: str | None) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema]
    if transform:
        command += ["--data-transform", transform]
    done = run(ROOT, *command, ROOT / file)
    assert done.returncode == 0, done.stdout


# Plain shell


def test_the_shell_script_hands_on_what_is_green_and_nothing_else(repository: Path) -> None:
    script = EXAMPLES / "shell" / "deploy.sh"
    done = run(repository, script, "configs", "touch", "handed on")
    assert done.returncode == 0, done.stdout + done.stderr
    (repository / "handed on").unlink()
    assert json.loads((repository / "findings.json").read_text())["gate"]["status"] == 0
    put(repository, "broken")
    states = [("configs", 1), ("nowhere", 2)]
    for folder, status in states:
        done = run(repository, script, folder, "touch", "handed on")
        assert done.returncode == status
        assert "Not handed on" in done.stderr
        assert not (repository / "handed on").exists()


# pre-commit


@pytest.fixture
def hooks(tmp_path: Path) -> Path:
    """Our hooks as a repository. The environment is the one that the tests run in."""
    folder = tmp_path / "hnth"
    folder.mkdir()
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    assert text.count("language: python\n") == text.count("- id: ")
    installed = text.replace("language: python\n", "language: system\n")
    (folder / ".pre-commit-hooks.yaml").write_text(installed, encoding="utf-8")
    assert run(folder, *GIT, "init", "-q").returncode == 0
    commit(folder)
    assert run(folder, *GIT, "tag", "v0.1.0").returncode == 0
    return folder


@pytest.mark.parametrize("hook", ["hnth-gate", "hnth-gate-new"])
def test_pre_commit_lets_no_mistake_into_a_commit(
    repository: Path, hooks: Path, tmp_path: Path, hook: str
) -> None:
    text = (EXAMPLES / "pre-commit" / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    text = re.sub(r"repo: \S+", f"repo: {hooks}", text).replace("id: hnth-gate ", f"id: {hook} ")
    (repository / ".pre-commit-config.yaml").write_text(text, encoding="utf-8")
    home = {"PRE_COMMIT_HOME": str(tmp_path / "home")}
    assert run(repository, sys.executable, "-m", "pre_commit", "install", **home).returncode == 0

    def attempt() -> subprocess.CompletedProcess[str]:
        run(repository, *GIT, "add", ".")
        return run(repository, *GIT, "commit", "-m", "x", **home)

    put(repository, "broken")
    refused = attempt()
    assert refused.returncode == 1, refused.stdout + refused.stderr
    said = refused.stdout + refused.stderr
    assert TELNET in said
    assert WIDE in said
    put(repository, "fixed")
    accepted = attempt()
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr
    (repository / "inventory.yaml").unlink()
    assert attempt().returncode == 1, "nothing but a deletion is judged as well"


# GitHub


def filled(value: str, inputs: dict[str, str]) -> str:
    """Expressions of a workflow as GitHub fills them in; others than these are not in use."""
    known = {**{f"inputs.{k}": v for k, v in inputs.items()}, "github.action_path": str(ROOT)}
    return re.sub(r"\$\{\{ *([\w.-]+) *\}\}", lambda m: known[m[1]], value)


class Runner:
    """Runs the steps of action.yml one after the other as GitHub's runner does."""

    def __init__(self, place: Path) -> None:
        place.mkdir()
        self._files = {
            name: str(place / name)
            for name in ("GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY")
        }
        self._place = place

    def told(self, name: str) -> str:
        return Path(self._files[name]).read_text(encoding="utf-8")

    def act(self, repository: Path, **given: str) -> subprocess.CompletedProcess[str]:
        action = in_yaml(ROOT / "action.yml")
        inputs = {name: one["default"] for name, one in action["inputs"].items()}
        assert given.keys() <= inputs.keys()
        inputs |= given
        for file in self._files.values():
            Path(file).write_text("")
        for step in action["runs"]["steps"]:
            assert "${{" not in step["run"], "an input in a script is a script"
            variables = {name: filled(value, inputs) for name, value in step["env"].items()}
            variables |= {**self._files, "RUNNER_TEMP": str(self._place)}
            command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
            done = run(repository, *command, **variables)
            if done.returncode:
                return done
        return done


def with_of(file: Path) -> dict[str, str]:
    """What the example hands to the action, in a pull request."""
    (job,) = in_yaml(file)["jobs"].values()
    given = dict(job["steps"][-1]["with"])
    expression = "${{ github.event_name == 'pull_request' && 'HEAD^1' || '' }}"
    assert given["since"] == expression
    return given | {"since": "HEAD^1"}


def test_the_action_annotates_what_a_pull_request_adds(repository: Path, tmp_path: Path) -> None:
    runner = Runner(tmp_path / "runner")
    given = with_of(EXAMPLES / "github" / ".github" / "workflows" / "gate.yml")
    given |= {"language": "en", "sarif": "configs/hnth.cfg"}
    put(repository, "broken")
    commit(repository)
    for _ in range(2):
        done = runner.act(repository, **given)
        assert done.returncode == 1, done.stderr
        assert "::error file=configs/fw-trung-tam.conf,line=33," in done.stdout
        assert "newly permitted: " in done.stdout
        assert runner.told("GITHUB_OUTPUT") == "status=1\n"
        assert "phong-hop-lon.txt" in runner.told("GITHUB_STEP_SUMMARY")
        assert json.loads((repository / "configs/hnth.cfg").read_text())["version"] == "2.1.0"
    put(repository, "fixed")
    commit(repository)
    done = runner.act(repository, **given | {"since": ""})
    assert done.returncode == 0, done.stdout
    assert runner.told("GITHUB_OUTPUT") == "status=0\n"


def test_a_pull_request_that_puts_all_right_is_green(repository: Path, tmp_path: Path) -> None:
    put(repository, "broken")
    commit(repository)
    put(repository, "fixed")
    commit(repository)
    assert Runner(tmp_path / "runner").act(repository, since="HEAD^1").returncode == 0


def test_inputs_of_the_action_are_no_commands(repository: Path, tmp_path: Path) -> None:
    hostile = "; touch 'broken in' #\n$(touch 'broken in')\n--soft-fail\n\nconfigs"
    runner = Runner(tmp_path / "runner")
    done = runner.act(repository, paths=hostile, since="--output=x", language="en")
    assert done.returncode == 2
    assert runner.told("GITHUB_OUTPUT") == "status=2\n"
    assert not (repository / "broken in").exists()
    done = runner.act(repository, paths=hostile, language="en")
    assert done.returncode == 2
    assert "--soft-fail: there is no such file" in done.stdout


# GitLab


def job_of_gitlab() -> dict[str, Any]:
    """The job of the example with the template that it includes, put together as GitLab does."""
    own = in_yaml(EXAMPLES / "gitlab" / ".gitlab-ci.yml")
    (included,) = (one["local"] for one in own["include"])
    job: dict[str, Any] = in_yaml(EXAMPLES / "gitlab" / included)["hnth-gate"]
    variables = job["variables"] | own["hnth-gate"]["variables"]
    return job | {"variables": variables}


def test_the_template_of_gitlab_judges_what_a_merge_request_adds(repository: Path) -> None:
    job = job_of_gitlab()
    base = run(repository, *GIT, "rev-parse", "HEAD").stdout.strip()
    variables = job["variables"] | {"HNTH_LANG": "en"}

    def act(**more: str) -> subprocess.CompletedProcess[str]:
        return run(repository, "sh", "-e", "-c", "\n".join(job["script"]), **variables, **more)

    put(repository, "broken")
    commit(repository)
    for _ in range(2):
        done = act(CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
        assert done.returncode == 1, done.stderr
        assert TELNET in done.stdout
        assert "added 4" in done.stdout
        reports = job["artifacts"]["reports"]
        rows = json.loads((repository / reports["codequality"]).read_text())
        assert {row["location"]["path"] for row in rows} == {
            *("configs/phong-hop-lon.txt", "configs/fw-trung-tam.conf", "inventory.yaml")
        }
        assert (repository / reports["junit"]).is_file()
    now = run(repository, *GIT, "rev-parse", "HEAD").stdout.strip()
    assert act(CI_MERGE_REQUEST_DIFF_BASE_SHA=now).returncode == 0, "the change itself adds nothing"
    assert act().returncode == 1, "the main branch answers for all there is"


def test_the_template_says_what_it_lacks(repository: Path) -> None:
    job = job_of_gitlab()
    bare = {"PATH": "/nowhere", "HNTH_SOURCE": ""}
    shell = shutil.which("sh") or "/bin/sh"
    done = run(repository, shell, "-e", "-c", "\n".join(job["script"]), **bare)
    assert done.returncode == 2
    assert "HNTH_SOURCE" in done.stderr


# The READMEs


@pytest.mark.parametrize("name", ["README.md", "README.vi.md"])
def test_the_readme_leads_from_two_exports_to_a_red_gate_and_to_a_green_one(
    tmp_path: Path, name: str
) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    (section,) = re.findall(r"^## (?:The CI gate|Cổng kiểm tra CI)$(.*?)^## ", text, re.M | re.S)
    first, second = re.findall(r"^```sh\n(.*?)^```$", section, re.M | re.S)
    shutil.copytree(EXAMPLES, tmp_path / "docs" / "examples")
    lang = "en" if name == "README.md" else "vi"
    shell = ("bash", "--noprofile", "--norc", "-c")
    red = run(tmp_path, *shell, first, HNTH_LANG=lang)
    assert red.returncode == 1, red.stderr
    (shown,) = re.findall(r"^```text\n(.*?)^```$", section, re.M | re.S)
    parts = [part.strip("\n") for part in shown.split("…\n")]
    for part in parts:
        assert part in red.stdout
    (folder,) = (one.name for one in tmp_path.iterdir() if one.name != "docs")
    green = run(tmp_path / folder, *shell, second, HNTH_LANG=lang)
    assert green.returncode == 0, green.stdout
    for file in (EXAMPLES / "network" / "fixed").iterdir():
        assert (tmp_path / folder / file.name).read_bytes() == file.read_bytes(), file.name


def test_the_page_of_the_gate_names_every_option_and_format_and_no_other() -> None:
    from scanner.cli import _register, app
    from scanner.cli.gate_formats import FORMATS

    _register()
    command = next(one for one in app.registered_commands if one.callback.__name__ == "gate")
    import typer.main

    parameters = typer.main.get_command_from_info(
        command, pretty_exceptions_short=True, rich_markup_mode=None
    ).params
    there = {name for one in parameters for name in one.opts if name.startswith("--")}
    text = (ROOT / "docs" / "gate.md").read_text(encoding="utf-8")
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)) == there - {"--help"}
    assert set(re.findall(r"^\| `([a-z]+)` \|", text, re.M)) == set(FORMATS)


def test_links_of_the_examples_lead_somewhere() -> None:
    page = EXAMPLES / "README.md"
    assert dead_links(page, page.read_text(encoding="utf-8")) == []
