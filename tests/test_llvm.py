"""tools/stencils/llvm.py: which clang, llvm-readobj and llvm-objdump are found, in folders of fake programs that only say a version."""

import os
import subprocess
import sys
import types
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / "tools" / "stencils"
sys.path.insert(0, str(TOOLS))

import llvm  # noqa: E402


def fake(folder: Path, name: str, says: str) -> None:
    """A program that prints one line, and notes in the file `ran` that it ran."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\necho {name} >> {folder}/ran\necho '{says}'\n")
    (folder / name).chmod(0o755)


def install(folder: Path, version: str, suffix: str = "") -> None:
    for name in llvm.PROGRAMS:
        fake(folder, name + suffix, f"Debian {name} version {version} (1~deb12u1)")


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """A machine with nothing on PATH but what the test puts into the folder."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("COPYPATCH_LLVM", raising=False)
    monkeypatch.setattr(llvm, "FOLDERS", (str(tmp_path / "llvm-*" / "bin"), str(tmp_path / "homebrew" / "opt" / "llvm*" / "bin")))
    monkeypatch.setattr(llvm, "sys", types.SimpleNamespace(platform="linux"))
    llvm._output.cache_clear()
    yield tmp_path
    llvm._output.cache_clear()


def refusal(wanted: int | None = None) -> str:
    with pytest.raises(llvm.NotFound) as error:
        llvm.find(wanted)
    text = str(error.value)
    assert text.endswith(".") and "\n" not in text
    return text


def test_missing(bare):
    text = refusal()
    assert "LLVM 19 or newer is needed" in text and "found none" in text and "apt-get install clang-19 llvm-19" in text
    for place in "PATH", "clang-N", "llvm-config", *llvm.FOLDERS:
        assert place in text


@pytest.mark.parametrize("platform, said", [("darwin", "brew install llvm@19"), ("win32", "https://github.com/llvm/llvm-project/releases")])
def test_what_to_install_elsewhere(bare, platform, said):
    llvm.sys.platform = platform
    assert said in refusal()


def test_too_old(bare):
    install(bare, "14.0.6")
    text = refusal()
    assert f"found only {bare}/clang 14.0.6" in text and "LLVM 19 or newer" in text


def test_apples_clang_counts_otherwise(bare):
    fake(bare, "clang", "Apple clang version 21.0.0 (clang-2100.0.1.1)")
    assert "found none" in refusal()
    install(bare / "homebrew" / "opt" / "llvm@20" / "bin", "20.1.8")
    assert llvm.find().clang == str(bare / "homebrew" / "opt" / "llvm@20" / "bin" / "clang")


def test_newest_is_taken(bare):
    install(bare, "14.0.6")
    install(bare, "19.1.7", "-19")
    assert llvm.find() == llvm.Llvm("19.1.7", *(f"{bare}/{name}-19" for name in llvm.PROGRAMS))
    install(bare / "llvm-21" / "bin", "21.1.0")
    assert llvm.find().version == "21.1.0"
    fake(bare, "clang-22", "clang version 22.1.0")      # without its sisters
    found = llvm.find()
    assert found.version == "21.1.0" and found.readobj == str(bare / "llvm-21" / "bin" / "llvm-readobj")


def test_newer_patch_release_is_taken(bare):
    install(bare, "20.1.9")
    install(bare / "llvm-20" / "bin", "20.1.10")
    assert llvm.find().version == "20.1.10"


@pytest.mark.parametrize("config", ["llvm-config", "llvm-config-20"])
def test_llvm_config(bare, config):
    install(bare / "elsewhere", "20.1.0")
    fake(bare, config, str(bare / "elsewhere"))
    assert llvm.find().clang == str(bare / "elsewhere" / "clang")


def test_sisters_behind_a_link(bare):
    install(bare / "real", "19.1.7")
    (bare / "clang").symlink_to(bare / "real" / "clang")
    found = llvm.find()
    assert found.clang == str(bare / "clang") and found.objdump == str(bare / "real" / "llvm-objdump")


def test_sisters_of_another_version_are_not_taken(bare):
    install(bare, "19.1.7")
    fake(bare, "llvm-objdump", "LLVM version 18.1.0")
    text = refusal()
    assert f"{bare}/clang 19.1.7 is there, but not its llvm-objdump" in text and "apt-get install llvm-19`" in text


def test_half_installed(bare):
    fake(bare, "clang-19", "clang version 19.1.7")
    text = refusal()
    assert "llvm-readobj and llvm-objdump" in text and "apt-get install llvm-19`" in text


def test_programs_that_cannot_be_newest_are_not_run(bare):
    install(bare, "22.1.0", "-22")
    install(bare, "19.1.7", "-19")
    assert llvm.find().version == "22.1.0"
    assert "clang-19" not in (bare / "ran").read_text().split()


def test_broken_program_is_passed_over(bare):
    install(bare, "19.1.7", "-19")
    (bare / "clang-25").write_text("#!/nonexistent/shell\n")
    (bare / "clang-25").chmod(0o755)
    fake(bare, "clang-24", "not what you think")
    assert llvm.find().version == "19.1.7"


def test_override_by_environment(bare, monkeypatch):
    install(bare, "21.1.0", "-21")
    install(bare / "mine" / "bin", "20.1.0")
    for value, version in ("21", "21.1.0"), (str(bare / "mine"), "20.1.0"), (str(bare / "mine" / "bin"), "20.1.0"):
        monkeypatch.setenv("COPYPATCH_LLVM", value)
        assert llvm.find().version == version
    for value, said in ("20", "LLVM 20 is needed"), ("14", "COPYPATCH_LLVM=14: LLVM 19 or newer"), ("/nowhere", "in COPYPATCH_LLVM=/nowhere: found none"):
        monkeypatch.setenv("COPYPATCH_LLVM", value)
        assert said in refusal()


def test_option_goes_before_environment(bare, monkeypatch):
    install(bare, "21.1.0", "-21")
    install(bare, "19.1.7", "-19")
    monkeypatch.setenv("COPYPATCH_LLVM", "/nowhere")
    assert llvm.find(21).version == "21.1.0"
    assert llvm.find(19).version == "19.1.7"
    assert "LLVM 20 is needed" in refusal(20) and "clang-20" in refusal(20)
    assert "--llvm-version 18: LLVM 19 or newer" in refusal(18)


def test_build_without_llvm_says_so_in_a_sentence(tmp_path):
    result = subprocess.run([sys.executable, TOOLS / "build.py", "-o", tmp_path], capture_output=True, text=True,
                            env={**os.environ, "COPYPATCH_LLVM": "/nowhere"})
    assert result.returncode == 1 and "Traceback" not in result.stderr and len(result.stderr.strip().splitlines()) == 1
