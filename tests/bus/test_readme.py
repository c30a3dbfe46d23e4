# SPDX-License-Identifier: LGPL-2.1-or-later
"""The examples of the README, as they stand there, but for the name and port of the server: it is one of this test's own."""

import os
import re
import subprocess
import sys
import unittest

import buskit

sys.path.insert(0, os.path.join(buskit.SOURCE, 'tests', 'servers', 'demohost'))
from accounts import ACCOUNTS, LISTENERS    # noqa: E402
from host import Host                       # noqa: E402

SECTION = re.compile(r'## The D-Bus API by example\n(.*?)\n## ', re.DOTALL)
BLOCK = re.compile(r'```(sh|python)\n(.*?)```', re.DOTALL)

# What each example must show, in their order.
SHOWN = ('"imap"', '"code"', "'code'", "'title'", 'Receiving mail')


def examples():
    with open(os.path.join(buskit.SOURCE, 'README.md')) as file:
        return BLOCK.findall(SECTION.search(file.read()).group(1))


class Readme(buskit.BusTest):
    fake = False

    def run_example(self, language, text, port):
        text = text.replace('imap.example.org', '127.0.0.1').replace('993', str(port))
        command = ['/bin/sh', '-euc', text] if language == 'sh' else ['/usr/bin/python3', '-c', text]
        done = subprocess.run(command, env=self.bus.environment(MAIL_PASSWORD='wrong'), capture_output=True, text=True,
                              timeout=buskit.GUARD)
        self.assertEqual(done.returncode, 0, done)
        return done.stdout

    def test_every_example_runs(self):
        found = examples()
        self.assertEqual(len(found), len(SHOWN))
        with Host(LISTENERS, ACCOUNTS) as host:
            port = next(host.ports[listener.name] for listener in LISTENERS
                        if (listener.protocol, listener.security) == ('imap', 'tls'))
            for (language, text), shown in zip(found, SHOWN):
                with self.subTest(text):
                    self.assertIn(shown, self.run_example(language, text, port))


if __name__ == '__main__':
    unittest.main()
