# SPDX-License-Identifier: LGPL-2.1-or-later
"""The notifier on Xfce: its server of notifications, and the icon in its panel, clicked with a pointer."""

import os

from deskkit import AMBER, GREEN, NOTIFICATIONS, RED, WATCHER, DesktopTest, library, main, settle

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

    def press(self, number):
        """A button of the notification: they stand in a row at its lower right corner."""
        x, y, width, height = self.desktop.windows('xfce4-notifyd')[0]
        self.desktop.click(x + width - (241, 149, 57)[number], y + height - 31)

    def show(self):
        self.diag.set('work', 'error', 'security')
        self.start_notifier()
        self.wait(lambda: self.desktop.windows('xfce4-notifyd'), 'the notification')
        self.desktop.picture()                          # it has drawn itself when this is back
        settle(0.5)

    def test_buttons(self):
        self.show()
        self.desktop.picture('xfce-notification')
        self.press(0)
        self.wait(self.browser.opened, 'the page')
        self.assertIn('Work mail', self.browser.page())

    def test_recheck(self):
        self.show()
        self.press(1)
        self.wait(lambda: ('StartCheck', ['work']) in self.diag.calls, 'the check')
        self.diag.outcomes['work'] = ('ok',)
        self.diag.finish_checks()
        self.wait(lambda: self.desktop.picture().find(GREEN), 'the note that mail works again')
        self.desktop.picture('xfce-recovered')
        self.wait(lambda: not self.desktop.windows('xfce4-notifyd'), 'the note to go')

    def test_mute(self):
        self.show()
        self.press(2)
        self.wait(lambda: [call[:2] for call in self.diag.calls] == [('Mute', 'work')], 'the mute')
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
    def test_state(self):
        self.show()
        self.desktop.picture('xfce-tray')
        self.diag.set('work', 'warning', 'full')
        self.wait_for_icon(AMBER)
        self.diag.set('work', 'ok')                     # this panel hides what is passive
        self.wait(lambda: not self.desktop.picture().find(AMBER, PANEL_ROWS), 'the icon to go')

    def test_click(self):
        x, y = self.show()
        self.desktop.point(x, y)
        settle(1.5)
        self.desktop.picture('xfce-tooltip')
        self.desktop.click(x, y)
        self.wait(self.browser.opened, 'the page')
        for name in 'Work mail', 'Home':
            self.assertIn(name, self.browser.page())

    def open_menu(self, name):
        x, y = self.show()
        self.desktop.click(x, y, 3)
        self.wait(lambda: any(height > 2 * PANEL_ROWS for *_, height in self.desktop.windows('wrapper-2.0')), 'the menu')
        settle(0.5)
        self.desktop.picture(name)

    def test_menu(self):
        self.open_menu('xfce-menu')
        self.desktop.run('xdotool', 'key', 'c')         # Check all now
        self.wait(lambda: self.diag.calls, 'the check')
        self.assertEqual(sorted(self.diag.calls[0][1]), ['home', 'work'])

    def test_menu_of_an_account(self):
        self.open_menu('xfce-menu-account')
        self.desktop.run('xdotool', 'key', 'Down', 'Return')
        self.wait(self.browser.opened, 'the page')
        self.assertIn('Work mail', self.browser.page())
        self.assertNotIn('Home', self.browser.page())

    def test_quit(self):
        self.open_menu('xfce-menu-quit')
        self.desktop.run('xdotool', 'key', 'q')
        self.notifier.wait(60)
        self.assertEqual(self.notifier.returncode, 0)

    def test_panel_restarts(self):
        self.show()
        self.desktop.end(self.panel)
        self.wait(lambda: not self.desktop.picture().find(RED, PANEL_ROWS), 'the icon to go with the panel')
        self.start_panel()
        self.wait_for_icon(RED)

    def test_panel_comes_later(self):
        self.desktop.end(self.panel)
        self.diag.set('work', 'error', 'security')
        self.start_notifier()
        self.start_panel()
        self.wait_for_icon(RED)


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
