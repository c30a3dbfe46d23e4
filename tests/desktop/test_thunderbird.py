# SPDX-License-Identifier: LGPL-2.1-or-later
"""The whole path as its user lives it: Thunderbird's files, mail servers whose settings change, the notification with the cause, the
value corrected in the file, and the notification goes.  Worker, plugins and daemon are the real ones; nobody asks for a check."""

import os
import sys

import dbus

from deskkit import ACCOUNT, DIAG, MAILDIAGD, PATH, main
from buskit import PLUGINS, SOURCE, WORKER
from recorder import NotificationTest

sys.path.insert(0, os.path.join(SOURCE, 'tests', 'servers', 'demohost'))
import host as demohost  # noqa: E402
from accounts import Listener  # noqa: E402

PROFILE = '.thunderbird/abc.default-release/'
PREFS = '''user_pref("mail.account.account1.identities", "id1");
user_pref("mail.account.account1.server", "server1");
user_pref("mail.accountmanager.accounts", "account1");
user_pref("mail.identity.id1.smtpServer", "smtp1");
user_pref("mail.identity.id1.useremail", "anna@works.example");
user_pref("mail.server.server1.hostname", "127.0.0.1");
user_pref("mail.server.server1.name", "Work");
user_pref("mail.server.server1.port", %(imap)d);
user_pref("mail.server.server1.type", "imap");
user_pref("mail.server.server1.userName", "anna");
user_pref("mail.smtpserver.smtp1.hostname", "127.0.0.1");
user_pref("mail.smtpserver.smtp1.port", %(smtp)d);
'''


def listener(name, protocol, security):
    return Listener(name, protocol, security, 'mail.works.example')


class Host(demohost.Host):
    """The demonstration host, where a port can change what it speaks."""

    def change(self, name, security):
        """From the next connection on."""
        old = self.listeners[name]
        object.__setattr__(old, 'security', security)


class Thunderbird(NotificationTest):

    def setUp(self):
        super().setUp()
        self.diag.leave()
        self.host = Host([listener('imap', 'imap', 'none'), listener('imap-new', 'imap', 'none'), listener('smtp', 'smtp', 'none')],
                         [])
        self.host.start()
        self.addCleanup(self.host.stop)
        self.put('.thunderbird/installs.ini', '[FDC34C9F024745EB]\nDefault=abc.default-release\n')
        self.put_prefs(self.host.ports['imap'])
        os.mkdir(self.desktop.path('config'))
        with open(self.desktop.path('config/maildiag.conf'), 'w') as file:
            file.write('[monitor]\ninterval = 1min\n')
        self.daemon = self.desktop.start(MAILDIAGD, '--user', '--worker=' + WORKER, '--plugin-dir=' + PLUGINS, '--time-scale=20',
                                         '--control=', '--state-dir=' + self.desktop.path('state/maildiagd'),
                                         '--config-dir=' + self.desktop.path('config'))
        self.desktop.wait_for_name(self.bus, DIAG, self.daemon)
        self.start_notifier()

    def put(self, name, text):
        path = os.path.join(self.desktop.path('home'), name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path + '.new', 'w') as file:
            file.write(text)
        os.rename(path + '.new', path)

    def put_prefs(self, imap):
        self.put(PROFILE + 'prefs.js', PREFS % {'imap': imap, 'smtp': self.host.ports['smtp']})

    def property(self, path, interface, name):
        return self.bus.get_object(DIAG, path, introspect=False).Get(interface, name,
                                                                     dbus_interface='org.freedesktop.DBus.Properties')

    def account(self):
        manager = dbus.Interface(self.bus.get_object(DIAG, PATH, introspect=False), DIAG + '.Manager')
        return str(manager.ListAccounts()[0][1])

    def status(self):
        return str(self.property(self.account(), ACCOUNT, 'Status'))

    def wait_for_status(self, *wanted):
        """Checks come by themselves, but not where there is no network at all."""
        if self.property(PATH, DIAG + '.Manager', 'Network') == 'offline':
            self.item().choose('_Check all now')
        self.wait(lambda: self.status() in wanted, 'status %s' % (wanted,))

    def test_a_server_changes_and_the_file_follows(self):
        self.wait_for_status('ok', 'info', 'warning')
        self.assert_shown()

        self.host.change('imap', 'tls')
        self.wait_for_status('error')
        self.assert_shown('Work: cannot receive mail')
        findings = self.property(self.account(), ACCOUNT, 'Findings')
        self.assertEqual(str(findings[0]['code']), 'port.expects-implicit-tls')
        self.assertEqual(str(findings[0]['setting']), 'security')
        shown = self.only()
        self.assertIn('TLS', shown['body'])
        services = self.property(self.account(), ACCOUNT, 'Services')
        origins = {str(origin['setting']): origin for origin in services[0]['origins']}
        self.assertEqual(str(origins['port']['file']), os.path.join(self.desktop.path('home'), PROFILE, 'prefs.js'))
        self.assertEqual(int(origins['port']['line']), 8)
        self.assertTrue(origins['security']['assumed'])

        self.put_prefs(self.host.ports['imap-new'])
        self.wait_for_status('ok', 'info', 'warning')
        self.wait(lambda: 'Work: cannot receive mail' not in self.server.summaries(), 'the notification to go')


if __name__ == '__main__':
    main()
