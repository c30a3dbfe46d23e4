# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the daemon keeps of a diagnosis that is over: nothing of what a server sent."""

import os
import unittest

import buskit

HOSTS = ('broken.test', 'garbage.test', 'crash.test', 'refused.test', 'silent.test', 'ok.test')
WARM = 25                       # rounds until each pool and table has its size
ROUNDS = 50
KILOBYTES = 64                  # more than that after ROUNDS is a leak


class Memory(buskit.BusTest):

    def kilobytes(self):
        with open(f'/proc/{self.daemon.pid}/status', encoding='ascii') as status:
            return int([line for line in status if line.startswith('RssAnon')][0].split()[1])

    def rounds(self, count):
        for _ in range(count):
            for host in HOSTS:
                self.check(host)

    @unittest.skipIf(os.environ.get('MAILDIAG_SANITIZE', 'none') != 'none',
                     'sanitizers keep what was freed; they look for leaks themselves')
    def test_nothing_stays(self):
        self.rounds(WARM)
        before, descriptors = self.kilobytes(), self.daemon.descriptors()
        self.rounds(ROUNDS)
        grown = self.kilobytes() - before
        print(f'{grown} KiB more after {ROUNDS * len(HOSTS)} checks')
        self.assertLessEqual(grown, KILOBYTES, f'{grown} KiB more after {ROUNDS * len(HOSTS)} checks')
        self.assertEqual(self.daemon.descriptors(), descriptors)


if __name__ == '__main__':
    buskit.main()
