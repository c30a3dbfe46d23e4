# SPDX-License-Identifier: LGPL-2.1-or-later
"""The notifier and dunst: markup and none, and a click that opens the details."""

import re

from deskkit import NOTIFICATIONS, DesktopTest, main

MARKUP = '[global]\n    markup = %s\n'


class Dunst(DesktopTest):
    screen = '900x500'

    def start_dunst(self, configuration=''):
        with open(self.desktop.path('dunstrc'), 'w') as file:
            file.write(configuration)
        self.dunst = self.desktop.start('dunst', '-print', '-conf', self.desktop.path('dunstrc'))
        self.desktop.wait_for_name(self.bus, NOTIFICATIONS, self.dunst)

    def count(self, kind):
        return int(self.desktop.run('dunstctl', 'count', kind))

    def wait_for_one(self):
        self.start_notifier()
        self.wait(lambda: self.count('displayed') == 1, 'the notification')

    def body(self):
        """What dunst got, as it notes it."""
        self.desktop.run('dunstctl', 'close-all')
        return re.search(r"body: '(.*?)'\n", self.desktop.said(self.dunst), re.S)[1]

    def test_markup(self):
        self.start_dunst(MARKUP % 'full')
        self.diag.set('home', 'error', 'hostile')
        self.wait_for_one()
        self.desktop.picture('dunst-markup')
        self.assertEqual(self.body().split('\n')[0], 'Ask &lt;b&gt;the provider&lt;/b&gt; &amp; wait.')

    def test_no_markup(self):
        self.start_dunst(MARKUP % 'no')
        self.diag.set('home', 'error', 'hostile')
        self.wait_for_one()
        self.desktop.picture('dunst-plain')
        self.assertEqual(self.body().split('\n')[0], 'Ask <b>the provider</b> & wait.')

    def test_click(self):
        self.start_dunst()
        self.diag.set('work', 'error', 'security')
        self.wait_for_one()

        def click():
            for x, y, width, height in self.desktop.windows('Dunst'):
                self.desktop.click(x + width // 2, y + height // 2, 2)
        self.insist(click, self.browser.opened, 'the page')
        self.assertIn('Work mail', self.browser.page())

    def test_recovery(self):
        self.start_dunst()
        self.diag.set('work', 'error', 'security')
        self.wait_for_one()
        self.diag.set('work', 'ok')
        self.wait(lambda: self.count('displayed') == 0, 'the note to go')
        self.assertEqual(self.count('waiting'), 0)

    def test_dunst_restarts(self):
        self.start_dunst()
        self.diag.set('work', 'error', 'security')
        self.wait_for_one()
        self.desktop.end(self.dunst)
        self.start_dunst()
        self.wait(lambda: self.count('displayed') == 1, 'the notification again')


if __name__ == '__main__':
    main()
