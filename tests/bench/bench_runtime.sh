#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: bench_runtime.sh JSON INVOKE FLOOR FUNCTION
set -eu
"$1"
"$2" "$3" "$4"
printf 'binary, stripped: '
strip -o "$4.stripped" "$4"
wc -c <"$4.stripped"
