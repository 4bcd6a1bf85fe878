#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: bench_runtime.sh JSON DISPATCH INVOKE FLOOR FUNCTION
set -eu
"$1"
"$2"
"$3" "$4" "$5"
printf 'binary, stripped: '
strip -o "$5.stripped" "$5"
wc -c <"$5.stripped"
