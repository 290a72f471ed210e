#!/usr/bin/env python3
"""What the assembly optimizer saves: measure.py [TRIPLE...] prints bytes and jumps of all stencils, as the compiler wrote them and optimized.

Over all stencils, also those that came out alike and share their bytes in the header. Calls are not jumps. For docs/stencils.md.
"""

import glob
import os
import subprocess
import sys
import tempfile

import llvm
import targets


def functions(optimizer, text: str) -> list[str]:
    """The lines of all stencils in a file that the generator has kept."""
    lines, inside = [], False
    for line in text.splitlines():
        end = "-- End function" in line or line.startswith(optimizer.local + "func_end") or line.strip() == optimizer.separator
        line = optimizer.comment.split(line, 1)[0].rstrip()
        if end:
            inside = False
        elif line.endswith(":") and "__" in line and not line.startswith(optimizer.local):
            inside = True
        elif inside:
            lines.append(line.strip())
    return lines


def is_jump(optimizer, line: str) -> bool:
    return line.split("\t")[0] in (optimizer.jump, *optimizer.inverse) or bool(optimizer.leaving.match(line))


def as_written(optimizer_class):
    """An optimizer that changes nothing; functions stand one behind the other, as optimized ones do."""
    class AsWritten(optimizer_class):
        def function(self, name, lines):
            return [line for line in lines if not line.strip().startswith((".p2align", ".seh_", ".cfi_"))]
    return AsWritten


def sizes(target, tools, folder: str) -> tuple[int, int]:
    """Bytes of all stencils before and after."""
    before = after = 0
    for path in glob.glob(os.path.join(folder, "chunk*.opt.s")):
        base = path.removesuffix(".opt.s")
        with open(base + ".s") as f:
            text = f.read()
        optimized = target._functions(tools, base + ".o")
        plain = as_written(target.optimizer)(target.prefix, target.local, target.number_text).optimize(text, set(optimized))
        with open(base + ".plain.s", "w") as f:
            f.write(plain)
        targets.run(tools.clang, f"--target={target.triple}", "-c", "-o", base + ".plain.o", base + ".plain.s")
        before += sum(len(code) for _, code, _ in target._functions(tools, base + ".plain.o").values())
        after += sum(len(code) for _, code, _ in optimized.values())
    return before, after


def main() -> None:
    triples = sys.argv[1:] or list(targets.TARGETS)
    tools = llvm.find(None)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, os.path.join(os.path.dirname(os.path.abspath(__file__)), "build.py"), "-o", folder, "--objects", folder, *triples], check=True)
        print(f"LLVM {tools.version}\n\n| | bytes written | optimized | | jumps written | optimized | |\n|---|---|---|---|---|---|---|")
        for triple in triples:
            target = targets.TARGETS[triple]
            optimizer = target.optimizer(target.prefix, target.local, target.number_text)
            before, after = sizes(target, tools, os.path.join(folder, triple))
            counts = [sum(is_jump(optimizer, line) for path in glob.glob(os.path.join(folder, triple, "chunk*.s")) if path.endswith(".opt.s") == optimized
                          and not path.endswith(".plain.s") for line in functions(optimizer, open(path).read())) for optimized in (False, True)]
            print(f"| {triple} | {before:,} | {after:,} | −{1 - after / before:.0%} | {counts[0]:,} | {counts[1]:,} | −{1 - counts[1] / counts[0]:.0%} |")


if __name__ == "__main__":
    main()
