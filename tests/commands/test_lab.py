"""Tests of the options of `python -m mlp_tutorial lab`; test_processes.py starts it, test_browser.py looks at it."""

import os
import re
import sys
import tempfile
from pathlib import Path
from unittest.mock import Mock

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_core.paths import jupyter_path
from jupyterlab.labapp import LabApp

from mlp_tutorial.__main__ import main
from mlp_tutorial.classroom import notebooks
from mlp_tutorial.commands import lab

# what JupyterLab does not take, and what the line has to name
REFUSED = {
    "--port abc": "expected an int, not the str 'abc'",
    "--port 80000": "0부터 65535까지",
    "--nosuch": "--nosuch",
    "--nosuch=3": "모르는 옵션 --nosuch",
    "--ServerApp.prot=3": "--ServerApp.port",
    "--IdentityProvider.tokn=3": "--IdentityProvider.token",
    "--LabApp.nosuch=3": "--LabApp.nosuch",
    "-y other.ipynb": "other.ipynb",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Give each test an environment of its own, without what Jupyter reads of it, and a home that can be written."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER_")}
    own |= dict.fromkeys(("HOME", "USERPROFILE"), str(tmp_path_factory.mktemp("home")))
    monkeypatch.setattr(os, "environ", own)
    return own


def test_the_first_notebook_in_the_project_and_what_follows_wins() -> None:
    first, *others = lab.options(["--port", "9999"])
    assert Path(first).is_file()
    own = {f"--ServerApp.{name}={notebooks.PROJECT}" for name in ("root_dir", "preferred_dir")}
    assert {*own, "--FileContentsManager.preferred_dir="} <= {*others}  # the user's may lie outside
    assert others[-2:] == ["--port", "9999"]


@pytest.mark.parametrize(
    ("user", "allowed"), [(0, True), (1000, False), (None, False)], ids=["root", "user", "Windows"]
)
def test_root_is_allowed(user: int | None, allowed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if user is None:
        monkeypatch.delattr(os, "geteuid", raising=False)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: user, raising=False)
    assert ("--allow-root" in lab.options([])) is allowed


@pytest.mark.parametrize(
    ("platform", "display", "opens"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("darwin", {}, True),
        ("win32", {}, True),
    ],
)
def test_a_browser_opens_where_there_is_a_display(
    platform: str, display: dict[str, str], opens: bool, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        environment.pop(name, None)
    environment.update(display)
    monkeypatch.setattr(sys, "platform", platform)
    assert ("--no-browser" not in lab.options([])) is opens


@pytest.mark.parametrize(("rest", "told"), [([], 1), (["--allow-root"], 0)], ids=["added", "asked for"])
def test_that_root_is_allowed_is_said(
    rest: list[str], told: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    monkeypatch.setattr(LabApp, "initialize_server", Mock(side_effect=SystemExit(1)))  # no server is needed
    assert main(["lab", *rest]) == 2
    assert capsys.readouterr().err.count("--allow-root를 붙였습니다") == told


def test_without_jupyterlab_it_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "jupyterlab", None)
    assert main(["lab"]) == 2
    assert re.fullmatch(
        r"오류: 주피터랩이 없습니다\..*-m pip install -r requirements\.txt.*\n", capsys.readouterr().err
    )


def test_what_the_user_has_set_stays(environment: dict[str, str]) -> None:
    environment |= {"JUPYTER_CONFIG_PATH": "mine", "JUPYTER_TOKEN": "secret", "MPLBACKEND": "Agg"}
    lab.set_environment()
    assert "MPLBACKEND" not in environment, "no notebook would show a figure"
    assert environment["JUPYTER_CONFIG_PATH"].split(os.pathsep) == ["mine", str(lab.CONFIGURATION)]
    assert environment["JUPYTER_TOKEN"] == "secret"
    said = lab.address({"url": "http://localhost:8888/", "token": ""})
    assert "?" not in said
    assert "접근할 수 없다고 하면" in said  # a snap browser of the redirect file


@pytest.mark.parametrize("name", ["JUPYTER_PORT", "JUPYTER_PORT_RETRIES"])
def test_an_address_that_kubernetes_gives_a_ports_name_is_told_and_left(
    name: str, environment: dict[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment[name] = "tcp://10.43.73.21:80"
    monkeypatch.setattr(LabApp, "initialize_server", Mock(side_effect=OSError(98, "the server starts")))
    assert main(["lab", "--allow-root"]) == 2
    told = capsys.readouterr().err
    assert "the server starts" in told
    assert re.match(rf"환경 변수 {name}\('tcp://10\.43\.73\.21:80'\)는 수가 아니어서 쓰지 않습니다\.\n", told)
    assert name not in environment


def test_without_a_home_it_gets_one_for_the_time_and_says_so(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(Path, "home", lambda: Path(os.devnull, "home"))
    lab.set_environment()
    home = Path(environment["HOME"])
    assert home.parent == tmp_path
    assert home.is_dir()
    assert re.fullmatch(rf"홈 폴더 .*{re.escape(str(home))}에 두고.*\n", capsys.readouterr().err)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(99, "Cannot assign"), "Cannot assign: --ip에는"),
        (PermissionError(13, "denied", "there"), "denied: there"),
    ],
    ids=["address", "folder"],
)
def test_what_the_system_refuses_is_one_korean_line(
    error: OSError, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(LabApp, "initialize_server", Mock(side_effect=error))
    assert main(["lab", "--allow-root"]) == 2
    assert re.fullmatch(rf"오류: .*까닭: {told}.*설정 파일을 고치십시오.*\n", capsys.readouterr().err)


SETTINGS = {  # what stands in a file of the user's → where the line says the fault is; none says the password
    ("jupyter_server_config.json", '{"ServerApp": {"password": "hunter2",}'): ", 1째 줄: JSONDecodeError",
    ("jupyter_lab_config.json", '["hunter2"]'): ": ValueError",
    ("jupyter_config.py", "c = get_config()\nc.ServerApp.password = hunter2"): ", 2째 줄: NameError",
    ("jupyter_server_config.py", "c = 'hunter2"): ", 1째 줄: SyntaxError",
    ("jupyter_server_config.py", "raise SystemExit('hunter2')"): ", 1째 줄: SystemExit",
    ("jupyter_server_config.json", '{"IdentityProvider": {"token": ["hunter2"]}}'): ", token: TraitError",
}


@pytest.mark.parametrize(("name", "text"), SETTINGS, ids=SETTINGS.values())
def test_a_broken_file_of_the_users_settings_is_named_and_not_shown(
    name: str,
    text: str,
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(LabApp, "initialize_server", lambda argv: pytest.fail("it went on"))
    file = Path(environment["HOME"], ".jupyter", name)
    file.parent.mkdir()
    file.write_text(text)
    assert main(["lab"]) == 2
    out, err = capfd.readouterr()
    assert "hunter2" not in out + err
    told = re.escape(f"{file}{SETTINGS[name, text]}")
    assert re.fullmatch(rf"오류: .*까닭: {told}\)\. .*이름을 바꾸면 읽지 않습니다.*\n", err)


def test_what_the_settings_make_jupyterlab_raise_is_one_line_without_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(LabApp, "initialize_server", Mock(side_effect=ValueError("certfile hunter2 does not exist")))
    assert main(["lab", "--allow-root"]) == 2
    assert re.fullmatch(r"오류: .*까닭: ValueError\)\..*설정 파일을 고치십시오.*\n", capsys.readouterr().err)


@pytest.mark.parametrize("variable", ["JUPYTER_DATA_DIR", "JUPYTER_PATH"])
def test_another_pythons_kernel_and_extensions_come_after_our_own(
    variable: str, environment: dict[str, str], tmp_path: Path
) -> None:
    environment |= {"JUPYTER_PREFER_ENV_PATH": "0", variable: str(tmp_path)}
    kernel = tmp_path / "kernels" / "python3" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    kernel.write_text('{"argv": ["/other/python"], "display_name": "Python 3", "language": "python"}')
    assert KernelSpecManager().get_kernel_spec("python3").argv[0] == "/other/python"
    lab.set_environment()
    assert KernelSpecManager().get_kernel_spec("python3").argv[0] != "/other/python"
    assert Path(jupyter_path("labextensions")[0]).is_relative_to(sys.prefix)
    assert str(tmp_path / "labextensions") in jupyter_path("labextensions")


def test_a_token_for_each_start_but_not_beside_the_users_file(environment: dict[str, str]) -> None:
    tokens = []
    for _ in range(2):
        environment.pop("JUPYTER_TOKEN", None)
        lab.set_environment()
        tokens.append(environment.pop("JUPYTER_TOKEN"))
    assert len({*tokens}) == 2
    environment["JUPYTER_TOKEN_FILE"] = "mine"
    lab.set_environment()
    assert "JUPYTER_TOKEN" not in environment


def test_without_the_notebooks_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(notebooks, "PROJECT", tmp_path)
    assert main(["lab"]) == 2
    assert re.fullmatch(rf"오류: .*{re.escape(str(tmp_path))}.*\n", capsys.readouterr().err)


@pytest.mark.parametrize("rest", REFUSED)
def test_an_option_that_jupyterlab_does_not_take_is_one_korean_line(
    rest: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lab", *rest.split()]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(rf"오류: .*'{rest}'.*{re.escape(REFUSED[rest])}.*--help-all.*\n", err)


def test_what_jupyterlab_takes_passes(capsys: pytest.CaptureFixture[str]) -> None:
    taken = "-y --port 9 --ServerApp.token=a --ContentsManager.delete_to_trash=False --core-mode --ThatExtension.a=1"
    assert lab.refusal(lab.options(taken.split())) is None
    for rest, answer in (("--version", r"[\d.]+\n"), ("--help-all", r"(?s).*--ServerApp\.port=.*")):
        with pytest.raises(SystemExit) as end:
            main(["lab", rest])
        assert end.value.code == 0
        assert re.fullmatch(answer, capsys.readouterr().out)
