# SPDX-License-Identifier: LGPL-2.1-or-later
"""The notifier and a server of notifications that notes every call: what is said, when it is not, and what clicks do."""

import json
import os
import re
import signal

import dbus
import dbus.lowlevel
from deskkit import NAME, NOTIFICATIONS, Account, main, wait_for
from fakediag import ACCOUNT, MANAGER
from recorder import NotificationTest

class Telling(NotificationTest):
    def test_a_setting_goes_wrong_and_right_again(self):
        self.start_notifier()
        self.sync()
        self.assertEqual(self.server.log, [])
        self.diag.set('work', 'error', 'security')
        self.assert_shown('Work mail: cannot send mail')
        shown = self.only()
        self.assertEqual(shown['body'].split('\n'), [
            'Set for sending: connection security STARTTLS (tried, works).',
            'Port 587 of smtp.example.org begins in clear text and not with TLS'])
        self.assertEqual(shown['actions'], {'default': 'Details', 'recheck': 'Recheck', 'mute': 'Mute'})
        self.assertEqual(int(shown['hints']['urgency']), 2)
        self.assertEqual(shown['hints']['desktop-entry'], NAME)
        self.assertEqual(shown['hints']['category'], 'network.error')
        self.assertNotIn('transient', shown['hints'])
        self.assertEqual(shown['icon'], NAME + '-error')

        self.diag.set('work', 'ok')
        self.assert_shown('Work mail: mail works again')
        again = self.only()
        self.assertEqual(again['id'], shown['id'])
        self.assertEqual(int(again['hints']['urgency']), 0)
        self.assertTrue(again['hints']['transient'])
        self.assertGreater(again['timeout'], 0)
        self.assertEqual(again['actions'], {})
        self.assert_shown()                             # and it goes by itself

    def test_another_cause_takes_its_place(self):
        self.start_notifier()
        self.diag.set('work', 'error', 'security')
        self.assert_shown('Work mail: cannot send mail')
        first = self.only()['id']
        self.diag.set('work', 'error', 'password')
        self.assert_shown('Work mail: cannot receive mail')
        self.assertEqual(self.only()['id'], first)

    def test_one_cause_of_two_accounts(self):
        self.diag.set('work', 'error', 'certificate')
        self.diag.set('home', 'error', 'certificate')
        self.start_notifier()
        self.assert_shown('2 accounts: cannot receive mail')
        self.assertIn('Accounts: Home, Work mail.', self.only()['body'])
        self.assertEqual(int(self.only()['hints']['urgency']), 1)      # nothing that the user could do
        self.diag.set('home', 'ok')
        self.assert_shown('Work mail: cannot receive mail')
        self.assertEqual(self.server.last, 1)

    def test_a_warning(self):
        self.diag.set('home', 'warning', 'full')
        self.start_notifier()
        self.assert_shown('Home: needs attention')
        self.assertEqual(int(self.only()['hints']['urgency']), 1)
        self.diag.set('home', 'ok')
        self.assert_shown()

    def test_an_account_is_removed(self):
        self.diag.set('home', 'error', 'password')
        self.start_notifier()
        self.assert_shown('Home: cannot receive mail')
        self.diag.remove('home')
        self.assert_shown()

    def test_dismissed_is_told(self):
        self.diag.set('home', 'error', 'password')
        self.start_notifier()
        self.assert_shown('Home: cannot receive mail')
        self.server.dismiss(self.only()['id'])
        self.diag.changed(self.diag.accounts['home'])
        self.sync()
        self.assertEqual(self.server.shown, {})

    def test_nothing_is_concluded_from_a_daemon_that_is_gone(self):
        self.diag.set('home', 'error', 'password')
        self.start_notifier()
        self.assert_shown('Home: cannot receive mail')
        self.diag.leave()
        self.wait(lambda: str(self.item().get('Title')) == 'Mail: not known', 'the tray to know nothing')
        self.assertEqual(self.server.summaries(), ['Home: cannot receive mail'])
        self.diag.come_back()
        self.diag.set('home', 'ok')
        self.assert_shown('Home: mail works again')

    def test_details_are_not_for_everybody(self):
        self.diag.denied = True
        self.diag.set('home', 'error', 'password')
        self.start_notifier()
        self.sync()
        self.assertEqual(self.server.log, [])
        self.assertIn('home: mail does not work', self.item().menu())


class Silence(NotificationTest):
    def test_offline(self):
        for word in 'offline', 'portal':
            with self.subTest(word):
                self.diag.set('home', 'ok')
                self.diag.network = word
                self.start_notifier()
                self.diag.set('home', 'error', 'password')
                self.sync()
                self.assertEqual(self.server.shown, {})
                self.diag.set_network('online')
                self.assert_shown('Home: cannot receive mail')
                self.wait_until_told()
                self.end_notifier()
                self.assert_shown()
                os.unlink(self.memory)

    def test_at_login(self):
        self.diag.set('home', 'error', 'password')
        self.start_notifier('--settle=3600')
        self.sync()
        self.assertEqual(self.server.log, [])
        self.end_notifier()
        self.start_notifier('--settle=1')
        self.assert_shown('Home: cannot receive mail')

    def test_told_before(self):
        self.diag.set('home', 'error', 'password')
        self.start_notifier()
        self.assert_shown('Home: cannot receive mail')
        self.wait_until_told()
        self.end_notifier()
        self.assert_shown()                             # nobody would take it away any more
        self.start_notifier()
        self.sync()
        self.assertEqual(self.server.shown, {})
        self.diag.set('home', 'ok')
        self.assert_shown('Home: mail works again')

    def test_muted(self):
        self.diag.set('home', 'error', 'password')
        self.start_notifier()
        self.assert_shown('Home: cannot receive mail')
        self.server.click(self.only()['id'], 'mute')
        self.assert_shown()
        self.assertEqual([call[:2] for call in self.diag.calls], [('Mute', 'home')])
        self.wait(lambda: 'Home: cannot receive mail (muted)' in self.item().menu(), 'the menu')
        self.diag.set('home', 'error', 'security')
        self.sync()
        self.assertEqual(self.server.shown, {})

    def test_no_server(self):
        self.server.leave()
        self.diag.set('home', 'error', 'password')
        self.start_notifier()
        self.wait(lambda: str(self.item().get('Status')) == 'NeedsAttention', 'the tray')
        self.server = self.make_server()
        self.assert_shown('Home: cannot receive mail')

    def test_another_server(self):
        """What stood on the screen stands there again, in the form that the new server understands."""
        self.diag.set('home', 'error', 'hostile')
        self.start_notifier()
        self.assert_shown('Home: cannot receive mail')
        self.assertIn('&lt;img', self.only()['body'])
        self.server.leave()
        self.server = self.make_server(['body'])
        self.assert_shown('Home: cannot receive mail')
        self.assertIn('<img', self.only()['body'])
        self.assertIn('maildiag show home', self.only()['body'])
        self.assertEqual(self.only()['actions'], {})


class Clicks(NotificationTest):
    def test_details(self):
        self.diag.set('home', 'error', 'hostile')
        self.start_notifier()
        self.assert_shown('Home: cannot receive mail')
        self.server.ActivationToken(dbus.UInt32(self.only()['id']), 'token-1')
        self.server.click(self.only()['id'], 'default')
        self.wait(self.browser.opened, 'the page')
        path, token = self.browser.opened()[0]
        self.assertEqual(token, 'token-1')
        self.assertTrue(path.startswith(self.desktop.path('run')), path)
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
        self.assertEqual(os.stat(os.path.dirname(path)).st_mode & 0o777, 0o700)
        page = self.browser.page()
        self.assertIn('&lt;img src=&quot;http://evil.example/x.png&quot;&gt;', page)
        self.assertNotIn('<img', page)
        self.assertNotIn('Work mail', page)

    def test_details_in_the_words_of_the_app(self):
        """The accounts are Thunderbird's, and so are the steps."""
        self.diag.set('work', 'error', 'security')
        self.start_notifier()
        self.assert_shown('Work mail: cannot send mail')
        self.server.click(self.only()['id'], 'default')
        self.wait(self.browser.opened, 'the page')
        steps = re.search(r'<p>In Thunderbird[^<]*:</p>\n<ol>(.*?)</ol>', self.browser.page(), re.S)[1]
        self.assertIn('Outgoing Server', steps)
        self.assertIn('Connection security', steps)
        self.assertIn('STARTTLS', steps)

    def test_no_browser(self):
        type(self.browser)(self.desktop, status=3)
        self.diag.set('home', 'error', 'password')
        self.start_notifier()
        self.assert_shown('Home: cannot receive mail')
        self.server.click(self.only()['id'], 'default')
        self.assert_shown('Home: cannot receive mail', 'The details could not be opened')

    def recheck(self, *outcome):
        self.diag.set('home', 'error', 'password')
        self.diag.outcomes['home'] = outcome
        self.start_notifier()
        self.assert_shown('Home: cannot receive mail')
        id = self.only()['id']
        self.server.click(id, 'recheck')
        self.server.dismiss(id)                         # as most servers do
        self.wait(lambda: ('StartCheck', ['home']) in self.diag.calls, 'the check')
        self.wait(lambda: '_Check all now' not in self.item().menu(), 'the check to show in the menu')
        self.diag.finish_checks()

    def test_recheck_still_broken(self):
        self.recheck('error', 'password')
        self.assert_shown('Home: cannot receive mail')

    def test_recheck_works(self):
        self.recheck('ok')
        self.assert_shown('Home: mail works again')

    def test_recheck_something_else(self):
        self.recheck('error', 'security')
        self.assert_shown('Home: cannot send mail')

    def test_clicks_of_strangers(self):
        """Signals count only from the server, and only for what is ours."""
        self.diag.set('home', 'error', 'password')
        self.start_notifier()
        self.assert_shown('Home: cannot receive mail')
        stranger = self.desktop.connect()
        self.addCleanup(stranger.close)
        for id, action in (self.only()['id'], 'recheck'), (0, 'default'), (77, 'default'):
            message = dbus.lowlevel.SignalMessage('/org/freedesktop/Notifications', NOTIFICATIONS, 'ActionInvoked')
            message.append(dbus.UInt32(id), action, signature='us')
            stranger.send_message(message)
        self.server.click(77, 'recheck')
        self.server.click(self.only()['id'], 'no-such-action')
        self.sync()
        self.assertEqual(self.diag.calls, [])
        self.assertEqual(self.browser.opened(), [])


class OddDaemon(NotificationTest):
    """What the daemon says is not believed without a look."""

    documents = [
        '', '[', '[]', 'null', '7', '{}', '{"status": 7, "name": ["x"], "findings": 5, "muted-until-usec": "x"}',
        '{"status": "error", "findings": [5, null, "x", {}, {"code": 1}, {"severity": "error"}, {"severity": ["error"]}]}',
        '{"status": "error", "name": "<b>&\\u202e\\u0007", "findings": [{"severity": "error", "changes": [5, {}], "suggested": 7}]}',
        json.dumps({'status': 'error', 'name': 'x' * 200000, 'findings': [{'severity': 'error', 'message': 'y' * 200000}]}),
        json.dumps({'status': 'error', 'findings': [{'severity': 'error', 'code': 'a.%d' % i} for i in range(2000)]}),
    ]

    def test_documents(self):
        self.start_notifier()
        for document in self.documents:
            with self.subTest(document[:60]):
                self.diag.accounts['work'].document = document
                self.diag.changed(self.diag.accounts['work'])
                self.sync()
                self.choose('_Details…')
        self.wait(lambda: len(self.browser.opened()) == len(self.documents), 'all the pages')
        self.diag.accounts['work'].document = None
        self.diag.set('work', 'error', 'security')
        self.assert_shown('Work mail: cannot send mail')

    def test_signals(self):
        self.start_notifier()
        path, changed = self.diag.accounts['work'].path, 'org.freedesktop.DBus.Properties'
        for arguments in (('s', '5'), ('sa{sv}as', ACCOUNT, {'Status': 7, 'MutedUntilUSec': 'x'}, []),
                          ('sa{sv}as', MANAGER, {'Network': ['offline']}, []), ('u', 5)):
            self.diag.emit(path, changed, 'PropertiesChanged', arguments[0], *arguments[1:])
        self.diag.emit('/org/maildiag/Diag1', MANAGER, 'AccountStatusChanged', 's', 'x')
        self.diag.emit('/org/maildiag/Diag1', 'org.freedesktop.DBus.ObjectManager', 'InterfacesAdded', 'oa{sa{sv}}',
                       '/elsewhere', {ACCOUNT: {'Status': 'error'}})
        self.diag.emit('/org/maildiag/Diag1/job/1', 'org.maildiag.Diag1.Job', 'Finished', 'ss', 'done', 'ok')
        self.sync()
        self.assertEqual(sorted(label for label in self.item().menu() if not label.startswith('_'))[:2],
                         ['Home: works', 'Work mail: works'])


class OneOnly(NotificationTest):
    def test_second_start(self):
        self.start_notifier()
        second = self.desktop.start_notifier()
        wait_for(lambda: second.poll() is not None, 'the second one to end')
        self.assertEqual(second.returncode, 0)
        self.assertIn('runs already', self.desktop.said(second))
        self.assertEqual(self.browser.opened(), [])

        third = self.desktop.start_notifier('--show')
        wait_for(lambda: third.poll() is not None, 'the third one to end')
        self.assertEqual(third.returncode, 0)
        self.wait(self.browser.opened, 'the page')
        for name in 'Work mail', 'Home':
            self.assertIn(name, self.browser.page())

    def test_show_without_a_daemon(self):
        self.diag.leave()
        self.start_notifier('--show')
        self.wait(self.browser.opened, 'the page')
        self.assertIn('No mail accounts are known.', self.browser.page())

    def test_show_without_one(self):
        self.start_notifier('--show')
        self.wait(self.browser.opened, 'the page')
        self.assertIn('Work mail', self.browser.page())

    def test_signals_end_it(self):
        for number in signal.SIGTERM, signal.SIGINT:
            notifier = self.start_notifier()
            notifier.send_signal(number)
            wait_for(lambda: notifier.poll() is not None, 'the end')
            self.assertEqual(notifier.returncode, 0)
            del self.notifier

    def test_the_bus_ends(self):
        notifier = self.start_notifier()
        self.bus.close()
        self.desktop.end(self.desktop.processes[0])
        wait_for(lambda: notifier.poll() is not None, 'the end')
        self.assertEqual(notifier.returncode, 1)
        del self.notifier
        self.bus = self.desktop.connect(self.desktop.start_bus('bus.conf', self.desktop.read('bus.conf')))


class BothInstances(NotificationTest):
    def setUp(self):
        super().setUp()
        self.desktop.environment['DBUS_SYSTEM_BUS_ADDRESS'] = self.desktop.start_bus(
            'system.conf', self.desktop.read('bus.conf').replace('/bus<', '/system<').replace('/services<', '/none<'))
        self.system = self.make_diag([Account('relay', 'Relay')], self.desktop.environment['DBUS_SYSTEM_BUS_ADDRESS'],
                                     instance='system')

    def test_accounts_of_both(self):
        self.system.set('relay', 'error', 'security')
        self.diag.set('home', 'error', 'password')
        self.start_notifier()
        self.assert_shown('Home: cannot receive mail', 'Relay: cannot send mail')
        self.assertEqual(list(self.item().menu())[:3],
                         ['Home: cannot receive mail', 'Relay: cannot send mail', 'Work mail: works'])
        self.choose('_Check all now')
        self.wait(lambda: self.system.calls and self.diag.calls, 'both checks')
        self.assertEqual(self.system.calls, [('StartCheck', ['relay'])])
        self.assertEqual(sorted(self.diag.calls[0][1]), ['home', 'work'])

    def test_mutes_that_the_system_does_not_keep(self):
        self.system.set('relay', 'error', 'security')
        self.start_notifier()
        self.assert_shown('Relay: cannot send mail')
        self.server.click(self.only()['id'], 'mute')
        self.assert_shown()
        self.wait(lambda: 'Relay: cannot send mail (muted)' in self.item().menu(), 'the menu')
        self.end_notifier()
        self.start_notifier()
        self.wait(lambda: 'Relay: cannot send mail (muted)' in self.item().menu(), 'the menu')

    def test_own_only(self):
        self.system.set('relay', 'error', 'security')
        self.start_notifier('--no-system')
        self.sync()
        self.assertEqual(self.server.log, [])


if __name__ == '__main__':
    main()
