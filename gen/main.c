/* SPDX-License-Identifier: MIT */
/* main.c - wsgen, the command. */
#include "cli/cli.h"

int main(int argc, char **argv)
{
	return cli_main(argc, argv, stdout, stderr);
}
