# SPDX-License-Identifier: LGPL-2.1-or-later
"""The notifier on sway, which has no display here: the icon in waybar, notifications in mako, which has no buttons."""

import os

from deskkit import AMBER, GREEN, NOTIFICATIONS, RED, WATCHER, DesktopTest, main

BAR = ('{ "layer": "top", "position": "top", "height": 30, "modules-right": ["tray"], '
       '"tray": { "icon-size": 20, "show-passive-items": true } }')
STYLE = 'window#waybar { background: #222222; }'
BAR_ROWS = 30


class Sway(DesktopTest):
    def setUp(self):
        super().setUp()
        folder = self.desktop.path('home/.config/waybar')
        os.makedirs(folder)
        for name, text in ('config', BAR), ('style.css', STYLE):
            with open(os.path.join(folder, name), 'w') as file:
                file.write(text)
        self.desktop.start_sway()
        self.start_bar()

    def start_bar(self):
        self.bar = self.desktop.start('waybar')
        self.desktop.wait_for_name(self.bus, WATCHER, self.bar)

    def wait_for_icon(self, colour):
        self.wait(lambda: self.desktop.picture().find(colour, BAR_ROWS), 'the icon')

    def test_state(self):
        self.start_notifier()
        self.wait_for_icon(GREEN)
        self.diag.set('work', 'warning', 'full')
        self.wait_for_icon(AMBER)
        self.diag.set('work', 'error', 'security')
        self.wait_for_icon(RED)
        self.desktop.picture('sway-tray')

    def test_pixmap(self):
        os.unlink(self.desktop.path('share/icons'))
        self.diag.set('work', 'error', 'security')
        self.start_notifier(MAILDIAG_ICONDIR=self.desktop.path('nowhere'))
        self.wait_for_icon(RED)
        self.desktop.picture('sway-pixmap')

    def test_bar_restarts(self):
        self.diag.set('work', 'error', 'security')
        self.start_notifier()
        self.wait_for_icon(RED)
        self.desktop.end(self.bar)
        self.wait(lambda: not self.desktop.picture().find(RED, BAR_ROWS), 'the icon to go with the bar')
        self.start_bar()
        self.wait_for_icon(RED)
        self.assertNotIn('already registered', self.desktop.said(self.bar))

    def test_menu(self):
        self.diag.set('work', 'error', 'security')
        self.start_notifier()
        self.wait_for_icon(RED)
        self.choose('_Check all now')
        self.wait(lambda: self.diag.calls, 'the check')
        self.wait(lambda: 'Home: works' in self.item().menu(), 'the line of the account')
        self.choose('Home: works')
        self.wait(self.browser.opened, 'the page')
        self.assertIn('Home', self.browser.page())
        self.assertNotIn('Work mail', self.browser.page())
        self.assertNotIn('dbusmenu', self.desktop.said(self.bar).lower())       # its library has no complaint

    def test_mako(self):
        mako = self.desktop.start('mako')
        self.desktop.wait_for_name(self.bus, NOTIFICATIONS, mako)
        self.diag.set('work', 'error', 'security')
        self.start_notifier()
        self.wait(lambda: 'cannot send mail' in self.desktop.run('makoctl', 'list'), 'the notification')
        self.desktop.picture('sway-mako')
        self.desktop.run('makoctl', 'invoke')
        self.wait(self.browser.opened, 'the page')


if __name__ == '__main__':
    main()
