#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: bench_runtime.sh JSON DISPATCH INVOKE FLOOR FUNCTION [SENDER]
set -eu
"$1"
"$2"
"$3" "$4" "$5"

# Bytes without what is only there for debuggers.
size() {
	strip -o "$1.stripped" "$1"
	wc -c <"$1.stripped"
}

# size_row NAME PROGRAM: against the floor, a static program with sockets.
size_row() {
	awk -v name="$1" -v ours="$(size "$2")" -v floor="$floor" 'BEGIN {
		printf "%-24s %6d KB   floor %8d KB   ratio %.3f\n",
			name, ours / 1024, floor / 1024, ours / floor
	}'
}

floor=$(size "$4")
size_row 'binary, never sends' "$5"
if [ $# -gt 5 ]; then
	size_row 'binary, sends' "$6"
else
	echo 'binary, sends: not run: no static OpenSSL here'
fi
