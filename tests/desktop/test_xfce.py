# SPDX-License-Identifier: LGPL-2.1-or-later
"""The notifier on Xfce: its server of notifications, and the icon in its panel, clicked with a pointer."""

import os

from deskkit import AMBER, GREEN, NAME, NOTIFICATIONS, RED, WATCHER, DesktopTest, library, main, settle

NOTIFYD = library('xfce4/notifyd/xfce4-notifyd')
PANEL_ROWS = 40

# A panel at the upper edge with nothing but the icons at its end.
PANEL = '''<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="dark-mode" type="bool" value="true"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="size" type="uint" value="28"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/><value type="int" value="2"/></property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="separator"><property name="expand" type="bool" value="true"/></property>
    <property name="plugin-2" type="string" value="systray"/>
  </property>
</channel>
'''


class Xfce(DesktopTest):
    screen = '900x500'


class Notifications(Xfce):
    def setUp(self):
        super().setUp()
        server = self.desktop.start(NOTIFYD)
        self.desktop.wait_for_name(self.bus, NOTIFICATIONS, server)

    def press(self, number, condition, what):
        """A button of the notification: they stand in a row at its lower right corner."""
        def click():
            for x, y, width, height in self.desktop.windows('xfce4-notifyd'):
                self.desktop.click(x + width - (241, 149, 57)[number], y + height - 31)
        self.insist(click, condition, what)

    def show(self):
        self.diag.set('work', 'error', 'security')
        self.start_notifier()
        self.wait(lambda: self.desktop.windows('xfce4-notifyd'), 'the notification')
        self.desktop.picture()                          # it has drawn itself when this is back
        settle(0.5)

    def test_buttons(self):
        self.show()
        self.desktop.picture('xfce-notification')
        self.press(0, self.browser.opened, 'the page')
        self.assertIn('Work mail', self.browser.page())

    def test_recheck(self):
        self.show()
        self.press(1, lambda: ('StartCheck', ['work']) in self.diag.calls, 'the check')
        self.diag.outcomes['work'] = ('ok',)
        self.diag.finish_checks()
        self.wait(lambda: self.desktop.picture().find(GREEN), 'the note that mail works again')
        self.desktop.picture('xfce-recovered')
        self.wait(lambda: not self.desktop.windows('xfce4-notifyd'), 'the note to go')

    def test_mute(self):
        self.show()
        self.press(2, lambda: ('Mute', 'work') in [call[:2] for call in self.diag.calls], 'the mute')
        self.wait(lambda: not self.desktop.windows('xfce4-notifyd'), 'the notification to go')

    def test_hostile_text(self):
        self.diag.set('home', 'error', 'hostile')
        self.start_notifier()
        self.wait(lambda: self.desktop.windows('xfce4-notifyd'), 'the notification')
        settle(0.5)
        self.desktop.picture('xfce-hostile')


class Tray(Xfce):
    icons_are_installed = True

    def setUp(self):
        super().setUp()
        folder = self.desktop.path('home/.config/xfce4/xfconf/xfce-perchannel-xml')
        os.makedirs(folder)
        with open(os.path.join(folder, 'xfce4-panel.xml'), 'w') as file:
            file.write(PANEL)
        if not self.icons_are_installed:
            os.unlink(self.desktop.path('share/icons'))
        self.start_panel()

    def start_panel(self):
        self.panel = self.desktop.start('xfce4-panel', '--disable-wm-check')
        self.desktop.wait_for_name(self.bus, WATCHER, self.panel)

    def wait_for_icon(self, colour):
        """Where it is."""
        places = []

        def found():
            places.append(self.desktop.picture().find(colour, PANEL_ROWS))
            return places[-1]
        self.wait(found, 'the icon')
        return places[-1]

    def show(self):
        self.diag.set('work', 'error', 'security')
        if self.icons_are_installed:
            self.start_notifier()
        else:
            self.start_notifier(MAILDIAG_ICONDIR=self.desktop.path('nowhere'))
        return self.wait_for_icon(RED)


class Theme(Tray):
    def test_icon(self):
        x, y = self.show()
        self.desktop.point(x, y)
        settle(1)
        self.desktop.picture('xfce-tooltip')
        self.insist(lambda: self.desktop.click(x, y), self.browser.opened, 'the page')
        for name in 'Work mail', 'Home':
            self.assertIn(name, self.browser.page())

        self.diag.set('work', 'warning', 'full')
        self.wait_for_icon(AMBER)
        self.diag.set('work', 'ok')                     # this panel hides what is passive
        self.wait(lambda: not self.desktop.picture().find(AMBER, PANEL_ROWS), 'the icon to go')

    def menus(self):
        return [window for window in self.desktop.windows('wrapper-2.0') if window[3] > 2 * PANEL_ROWS]

    def open_menu(self):
        x, y = self.wait_for_icon(RED)
        self.insist(lambda: self.desktop.click(x, y, 3), self.menus, 'the menu')
        settle(0.5)
        self.desktop.picture('xfce-menu')

    def press_in_menu(self, keys, condition, what):
        def press():
            if not self.menus():
                self.open_menu()
            self.desktop.run('xdotool', 'key', *keys)
        self.wait(lambda: not self.menus(), 'the last menu to go')
        self.insist(press, condition, what)

    def test_menu(self):
        self.show()
        self.press_in_menu(['Down', 'Return'], self.browser.opened, 'the page of the first account')
        self.assertIn('Work mail', self.browser.page())
        self.assertNotIn('Home', self.browser.page())
        self.press_in_menu(['c'], lambda: self.diag.calls, 'the check of all')
        self.assertEqual(sorted(self.diag.calls[0][1]), ['home', 'work'])
        self.diag.finish_checks()
        self.press_in_menu(['q'], lambda: not self.bus.name_has_owner(NAME), 'the end')
        self.notifier.wait(60)
        self.assertEqual(self.notifier.returncode, 0)

    def test_panel_comes_and_goes(self):
        self.desktop.end(self.panel)
        self.diag.set('work', 'error', 'security')
        self.start_notifier()
        for _ in range(2):
            self.start_panel()
            self.wait_for_icon(RED)
            self.desktop.end(self.panel)
            self.wait(lambda: not self.desktop.picture().find(RED, PANEL_ROWS), 'the icon to go with the panel')


class Pixmap(Tray):
    """The theme has no such icon."""

    icons_are_installed = False

    def test_state(self):
        self.show()
        self.desktop.picture('xfce-pixmap')
        self.diag.set('work', 'warning', 'full')
        self.wait_for_icon(AMBER)


if __name__ == '__main__':
    main()
