#!/bin/sh
# build.sh [DIR [CC [FLAGS]]]: builds DIR/test_emit. PYTHON: prefix of a CPython 3.13 with a shared library.
# INCLUDE, LIBDIR: where its headers and its library are, when not below the prefix.
# HEADERS: the folder with the generated headers (build/ after `make build`); without it they are made in DIR.
set -e
root=$(cd "$(dirname "$0")/../.." && pwd)
dir=${1:-/tmp/test_emit}
cc=${2:-gcc}
flags=${3:--O2 -g}
python=${PYTHON:-/root/.pyenv/versions/3.13.0}
headers=${HEADERS:-$dir}
mkdir -p "$dir"
if [ -z "$HEADERS" ]; then
    gen="python3 $root/tools/gen_uops.py"
    for what in header:uops_gen.h cases:uop_cases.h helpers:helpers_gen.h; do
        $gen "${what%%:*}" "$root/src/ir/uops.def" "$root/src/runtime/runtime.def" > "$dir/${what#*:}"
    done
    python3 "$root/tools/stencils/build.py" -o "$dir"
fi
include=${INCLUDE:-$python/include/python3.13}
lib=${LIBDIR:-$python/lib}
sources=$(ls "$root"/src/emit/*.c | grep -v -e /arch_ -e /none.c; echo "$root/src/emit/arch_$($cc -dumpmachine | cut -d- -f1).c")
$cc -std=c11 -D_GNU_SOURCE -Wall -Wextra -Wno-unused-parameter -fno-strict-aliasing -ffp-contract=off $flags -I"$headers" -I"$root/stencils" -isystem "$include" -isystem "$include/internal" \
    "$root"/tests/emit/test_emit.c $sources "$root"/src/ir/trace.c "$root"/src/ir/source.c "$root"/src/ir/names.c "$root"/src/ir/room.c "$root"/src/interpret/interpret.c "$root"/src/cpython/lines.c "$root"/src/cpython/watch.c "$root"/src/cpython/frame.c "$root"/src/cpython/call.c "$root"/src/cpython/function.c "$root"/src/cpython/depth.c "$root"/src/cpython/cstack.c "$root"/src/cpython/attributes.c "$root"/src/cpython/death.c "$root"/src/cpython/globals.c "$root"/src/cpython/reserve.c "$root"/src/cpython/iterators.c "$root"/src/cpython/codeinfo.c "$root"/src/cpython/codetable.c "$root"/src/cpython/opcodes.c "$root"/src/cpython/parameters.c "$root"/src/cpython/raise.c "$root"/src/runtime/*.c \
    -L"$lib" -Wl,-rpath,"$lib" -lpython3.13 -lm -o "$dir/test_emit"
