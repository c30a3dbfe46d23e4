# SPDX-License-Identifier: LGPL-2.1-or-later
"""What makes the notifier known to a desktop: its files are valid, its icons are all there, and the first words of every remedy
say what to do."""

import os
import pathlib
import re
import subprocess
import sys
import unittest
import xml.etree.ElementTree

sys.path.insert(0, os.path.join(os.environ['MAILDIAG_SOURCE'], 'tests', 'bus'))

import buskit                                                   # noqa: E402

DATA = pathlib.Path(os.environ['MAILDIAG_DESKTOP_DATA'])        # as it is built
SOURCE = pathlib.Path(os.environ['MAILDIAG_SOURCE'])
CLIENT = os.environ['MAILDIAG_CLIENT']
ICONS = pathlib.Path(os.environ['MAILDIAG_ICONDIR'])
NAME = 'org.maildiag.Notifier'
FIRST = 80                      # characters of a body that every server shows


def read_entry(path):
    lines = [line for line in path.read_text(encoding='utf-8').splitlines() if '=' in line and line[0] not in '#[']
    return dict(line.split('=', 1) for line in lines)


class Files(unittest.TestCase):
    def test_entries(self):
        for folder in 'applications', 'autostart':
            with self.subTest(folder):
                path = DATA / folder / (NAME + '.desktop')
                subprocess.run(['desktop-file-validate', path], check=True)
                entry = read_entry(path)
                self.assertEqual(entry['Exec'].split()[0], 'maildiag-notifier')
                self.assertEqual(entry['Icon'], NAME)

    def test_metainfo(self):
        path = DATA / (NAME + '.metainfo.xml')
        subprocess.run(['appstreamcli', 'validate', '--no-net', path], check=True, stdout=subprocess.DEVNULL)
        version = subprocess.run([CLIENT, '--version'], check=True, stdout=subprocess.PIPE, encoding='utf-8').stdout.split()[-1]
        self.assertEqual(xml.etree.ElementTree.parse(path).find('releases/release').get('version'), version)

    def test_icons(self):
        """Every name that the program uses has a picture, in colours and for panels of one colour."""
        used = {NAME}
        for path in (SOURCE / 'client/notifier').glob('*.c'):
            used |= {NAME + match for match in re.findall(r'ICON "(-\w+)"', path.read_text(encoding='utf-8'))}
        self.assertEqual(len(used), 5)
        found = {path.stem: path for path in ICONS.rglob('*.svg')}
        self.assertEqual(set(found), used | {name + '-symbolic' for name in used})
        for path in found.values():
            self.assertEqual(xml.etree.ElementTree.parse(path).getroot().tag, '{http://www.w3.org/2000/svg}svg')

    def test_unit(self):
        unit = (SOURCE / 'systemd/user/maildiag-notifier.service.in').read_text(encoding='utf-8')
        self.assertIn('ExecStart=@bindir@/maildiag-notifier\n', unit)
        self.assertIn('PartOf=graphical-session.target\n', unit)


    def test_manual_page(self):
        """It has every option, and no other."""
        program = subprocess.run([os.environ['MAILDIAG_NOTIFIER'], '--help'], check=True, stdout=subprocess.PIPE,
                                 encoding='utf-8', env=dict(os.environ, LC_ALL='C.UTF-8')).stdout
        page = (SOURCE / 'client/man/maildiag-notifier.1.scd').read_text(encoding='utf-8')
        listed = re.findall(r'^\*-.*', page, re.M)
        self.assertEqual(set(re.findall(r'--[a-z]+(?:-[a-z]+)*', program)), set(re.findall(r'--[a-z]+(?:-[a-z]+)*', ' '.join(listed))))


class Remedies(buskit.BusTest):
    fake = False

    def test_the_thing_to_do_comes_first(self):
        codes = list(map(str, self.manager().ListFindings()))
        self.assertGreater(len(codes), 150)
        late = []
        for code in codes:
            entry = self.manager().Explain(code, '')
            clause = re.split(r'(?<=[.,:;])\s| \(', entry['remedy'])[0]
            if entry['severity'] in ('error', 'warning') and len(clause) > FIRST:
                late.append('%s: %s' % (code, clause))
        self.assertEqual(late, [], 'what to do is not said in the first %d characters' % FIRST)


if __name__ == '__main__':
    unittest.main(verbosity=2)
