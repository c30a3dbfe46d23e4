# SPDX-License-Identifier: LGPL-2.1-or-later
"""The notifier and the real maildiagd: from an account's file to the screen and back. What its probes find is played by a worker
of the tests."""

import os

from deskkit import ACCOUNT, DIAG, FAKE_WORKER, MAILDIAGD, PATH, main
from recorder import NotificationTest

BROKEN = '[account]\nname = %s\naddress = anna@example.org\n[fake]\nhost = broken.test\nsecurity = tls\n'
FINE = BROKEN.replace('broken.test', 'ok.test')
LOCALES = os.environ['MAILDIAG_LOCALES']

ACTIVATION = '[D-BUS Service]\nName=%s\nExec=%s\n'


class RealDaemon(NotificationTest):
    locale = {}

    def setUp(self):
        super().setUp()
        self.diag.leave()
        for name in 'config', 'config/accounts.d', 'plugins':
            os.mkdir(self.desktop.path(name))
        with open(self.desktop.path('config/maildiag.conf'), 'w') as file:
            file.write('[monitor]\ninterval = none\n')         # checks are made when the test wants them
        self.write('work', BROKEN % 'Work mail')
        self.write('home', FINE % 'Home')
        self.start_daemon()
        self.start_notifier(**self.locale)

    def write(self, id, text):
        with open(self.desktop.path('config/accounts.d/%s.conf' % id), 'w') as file:
            file.write(text)

    def command(self):
        return [MAILDIAGD, '--user', '--worker=' + FAKE_WORKER, '--plugin-dir=' + self.desktop.path('plugins'),
                '--state-dir=' + self.desktop.path('state/maildiagd'), '--config-dir=' + self.desktop.path('config')]

    def start_daemon(self):
        self.daemon = self.desktop.start(*self.command())
        self.desktop.wait_for_name(self.bus, DIAG, self.daemon)

    def manager(self, method, *arguments):
        return self.bus.get_object(DIAG, PATH, introspect=False).get_dbus_method(method, DIAG + '.Manager')(*arguments)

    def wait_for_menu(self, line):
        self.wait(lambda: line in self.item().menu(), 'the menu to say ' + line)


class Path(RealDaemon):
    def test_broken_and_mended(self):
        self.wait_for_menu('Work mail: not known')
        self.choose('_Check all now')
        self.assert_shown('Work mail: cannot receive mail')
        self.assertIn('broken.test', self.only()['body'])
        self.wait_for_menu('Work mail: cannot receive mail')
        self.wait_for_menu('Home: works')

        self.server.click(self.only()['id'], 'default')
        self.wait(self.browser.opened, 'the page')
        self.assertIn('<td>broken.test</td>', self.browser.page())
        self.assertIn('fake.broken', self.browser.page())

        self.write('work', FINE % 'Work mail')
        self.manager('Reload')
        self.server.click(self.only()['id'], 'recheck')
        self.assert_shown('Work mail: mail works again')
        self.wait_for_menu('Work mail: works')
        self.assert_shown()

    def test_nothing_wrong(self):
        self.write('work', FINE % 'Work mail')
        self.manager('Reload')
        self.wait_for_menu('Work mail: not known')
        self.choose('_Check all now')
        self.assert_shown('2 accounts: mail works')

    def test_muted(self):
        self.wait_for_menu('Work mail: not known')
        self.choose('_Check all now')
        self.assert_shown('Work mail: cannot receive mail')
        self.choose('_Mute for a day')
        self.assert_shown()
        self.wait_for_menu('Work mail: cannot receive mail (muted)')
        account = self.bus.get_object(DIAG, PATH + '/account/work', introspect=False)
        self.assertGreater(account.Get(ACCOUNT, 'MutedUntilUSec', dbus_interface='org.freedesktop.DBus.Properties'), 0)
        self.choose('Un_mute')
        self.wait_for_menu('Work mail: cannot receive mail')

    def test_an_account_goes(self):
        self.wait_for_menu('Home: not known')
        os.unlink(self.desktop.path('config/accounts.d/home.conf'))
        self.manager('Reload')
        self.wait(lambda: 'Home: not known' not in self.item().menu(), 'the account to go')
        self.write('club', FINE % 'Club & friends')
        self.manager('Reload')
        self.wait_for_menu('Club & friends: not known')

    def test_daemon_restarts(self):
        self.wait_for_menu('Home: not known')
        self.desktop.end(self.daemon)
        self.write('club', FINE % 'Club')
        self.start_daemon()
        self.wait_for_menu('Club: not known')


class Activation(RealDaemon):
    def start_daemon(self):
        """The bus does, when somebody asks."""
        with open(self.desktop.path('services/maildiagd.service'), 'w') as file:
            file.write(ACTIVATION % (DIAG, ' '.join(self.command())))
        self.bus.get_object('org.freedesktop.DBus', '/org/freedesktop/DBus').ReloadConfig(
            dbus_interface='org.freedesktop.DBus')

    def test_started_by_the_notifier(self):
        self.wait_for_menu('Home: not known')
        self.assertTrue(self.bus.name_has_owner(DIAG))


class Vietnamese(RealDaemon):
    locale = {'LANGUAGE': 'vi', 'MAILDIAG_LOCALEDIR': LOCALES}

    def test_texts(self):
        """The words are the translators'; that they are there, and short where they must be, is what counts."""
        self.wait(lambda: len(self.item().menu()) == 6, 'the menu')
        check = next(label for label, id in self.item().menu().items() if id == CHECK)
        self.assertNotIn('Check', check)
        self.choose(check)
        self.wait(lambda: self.server.shown, 'the notification')
        shown = self.only()
        self.assertTrue(shown['summary'].startswith('Work mail: '))
        self.assertLessEqual(len(shown['summary']), 40)
        self.assertEqual(set(shown['actions']), {'default', 'recheck', 'mute'})
        for label in shown['actions'].values():
            self.assertLessEqual(len(label), 8, label)
            self.assertNotIn(label, ('Details', 'Recheck', 'Mute'))
        self.assertIn('broken.test', shown['body'])
        self.server.click(shown['id'], 'default')
        self.wait(self.browser.opened, 'the page')
        self.assertIn('<html lang="vi">', self.browser.page())


CHECK = 4                       # id of the item in the menu, as client/notifier/menu.c has it


if __name__ == '__main__':
    main()
