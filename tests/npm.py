# SPDX-License-Identifier: MIT
"""Packages from npm, which tests have as real peers. One folder serves all
builds that WSGEN_NPM is set for, since some are compiled for minutes.
"""

import contextlib
import fcntl
import os
import pathlib
import shutil
import subprocess


def install(package, cache=None):
    """
    The folder node_modules that has a package such as "ws@8.18.0"; otherwise
    None. Second: why not. cache is where it goes when WSGEN_NPM is not set.
    """
    for program in ("node", "npm"):
        if not shutil.which(program):
            return None, f"no {program}"
    root = os.environ.get("WSGEN_NPM") or cache
    folder = pathlib.Path(root).absolute() / package.replace("/", "-")
    modules = folder / "node_modules"
    name = package.rsplit("@", 1)[0]
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            done = subprocess.run(
                ["npm", "install", "--no-audit", "--no-fund", "--no-save",
                 "--prefix", folder, package],
                capture_output=True, timeout=1200, check=False)
            if done.returncode or not (modules / name).is_dir():
                with contextlib.suppress(OSError):
                    shutil.rmtree(modules)
                return None, f"npm: {done.stderr.decode()[-300:]}"
            (folder / "done").touch()
    return modules, None
