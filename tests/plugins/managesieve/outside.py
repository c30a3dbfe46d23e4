# SPDX-License-Identifier: LGPL-2.1-or-later
"""maildiag as an author of plugins meets it: installed, with the plugin's sources in a folder far from its tree.

What is installed lands in a folder instead of the machine; pkg-config is led there, and to nothing else.
"""

import os
import pathlib
import shutil
import subprocess

BUILD = pathlib.Path(os.environ["MAILDIAG_BUILD"])
CC = os.environ["MAILDIAG_CC"].split()
SANITIZE = os.environ["MAILDIAG_SANITIZE"]
HERE = pathlib.Path(__file__).resolve().parent
WARNINGS = ["-Wall", "-Wextra", "-pedantic", "-Werror"]
HANG = 400                              # seconds; the dialogues with sanitizers on a busy machine take a fifth


def run(*command, **options):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=HANG, check=False,
                          stdin=subprocess.DEVNULL, **options)


def must(*command, **options):
    """What it said."""
    done = run(*command, **options)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))} fails:\n{done.stdout}{done.stderr}")
    return done.stdout


class Outside:
    """`root` is where maildiag is installed, `sources` a copy of the plugin's sources."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.root, self.sources = self.folder / "root", self.folder / "sources"
        must("meson", "install", "-C", BUILD, "--no-rebuild", "--quiet", env=os.environ | {"DESTDIR": str(self.root)})
        self.sources.mkdir()
        for source in [HERE / "Makefile", *HERE.glob("*.[ch]")]:
            shutil.copy(source, self.sources)

        path = ":".join(str(found.parent) for found in self.root.glob("**/maildiag-plugin.pc"))
        self.environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "PKG_CONFIG_LIBDIR": path,
                            "PKG_CONFIG_SYSROOT_DIR": str(self.root)}

    def pkg_config(self, *options):
        return must("pkg-config", *options, "maildiag-plugin", env=self.environment).split()

    def compile(self, *options, **more):
        """The compiler, with what pkg-config says."""
        return run(*CC, "-std=gnu11", *WARNINGS, *self.pkg_config("--cflags"), *options, env=self.environment, **more)

    def build(self, plugins, *flags):
        """Builds the plugin and installs it to a directory; the path of the object.  `flags` are the compiler's."""
        flags = ["-O1", "-g", *WARNINGS, *flags] + ([f"-fsanitize={SANITIZE}"] if SANITIZE != "none" else [])
        must("make", "-C", self.sources, "clean", "install", f"CC={' '.join(CC)}", f"CFLAGS={' '.join(flags)}",
             f"plugindir={plugins}", env=self.environment)
        return plugins / "sieve.so"
