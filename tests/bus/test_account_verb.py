# SPDX-License-Identifier: LGPL-2.1-or-later
"""maildiag account: what it writes, that the daemon then knows it, and that what is wrong is not written."""

import json
import os
import stat
import subprocess
import tempfile

import buskit
from buskit import CLIENT, GUARD, NAME

BROKEN = NAME + '.Error.ConfigInvalid'
SERVERS = ('--imap', 'imap.test', '--smtp', 'smtp.test:587')


class AccountVerb(buskit.BusTest):

    fake = False                    # the protocols of the real plugins
    accounts = {}

    def setUp(self):
        self.folder = os.path.join(self.daemon.config, 'accounts.d')
        for name in os.listdir(self.folder):
            os.unlink(os.path.join(self.folder, name))
        self.manager().Reload()

    def call(self, *words, **more):
        return subprocess.run([CLIENT, '--session', 'account', *words], env=self.bus.environment(LC_ALL='C.UTF-8', **more),
                              capture_output=True, text=True, timeout=GUARD, stdin=subprocess.DEVNULL)

    def ok(self, *words, **more):
        done = self.call(*words, **more)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, '', ''), done)

    def refused(self, words, status, *pieces, **more):
        done = self.call(*words, **more)
        self.assertEqual((done.returncode, done.stdout), (status, ''), done)
        for piece in pieces:
            self.assertIn(piece, done.stderr)

    def text(self, id):
        with open(self.daemon.account_file(id)) as file:
            return file.read()

    def files(self):
        return sorted(os.listdir(self.folder))

    def services(self, id):
        done = subprocess.run([CLIENT, '--session', 'show', id, '--json'], env=self.bus.environment(LC_ALL='C.UTF-8'),
                              capture_output=True, text=True, timeout=GUARD)
        self.assertEqual(done.returncode, 0, done)
        return json.loads(done.stdout)['services']

    def editor(self, script):
        """The variable that makes this the editor: a Python program whose `text` is the file's."""
        file = tempfile.NamedTemporaryFile('w', suffix='.py')
        self.addCleanup(file.close)
        file.write('import sys\npath = sys.argv[1]\ntext = open(path).read()\n' + script + '\nopen(path, "w").write(text)\n')
        file.flush()
        return 'python3 ' + file.name

    # ---- add ----

    def test_add(self):
        self.ok('add', 'work', '--name', 'Work mail', '--address', 'anna@example.org', *SERVERS, '--smtp-security',
                'starttls', '--user', 'anna', '--auth', 'PLAIN', '--credential', 'work-mail')
        self.assertEqual(self.text('work'),
                         '[account]\nname = Work mail\naddress = anna@example.org\nusername = anna\nauth = PLAIN\n'
                         'secret = credential:work-mail\n\n[imap]\nhost = imap.test\n\n'
                         '[smtp]\nhost = smtp.test\nport = 587\nsecurity = starttls\n')
        self.assertEqual(self.files(), ['work.conf'])
        info = os.stat(self.daemon.account_file('work'))
        self.assertEqual(stat.S_IMODE(info.st_mode) & 0o022, 0)
        if os.geteuid() != 0:
            self.assertEqual(stat.S_IMODE(info.st_mode), 0o600)
        self.assertEqual([str(row[0]) for row in self.manager().ListAccounts()], ['work'])
        self.assertEqual([service['protocol'] for service in self.services('work')], ['imap', 'smtp'])

    def test_add_refused(self):
        self.ok('add', 'work', *SERVERS)
        before = self.text('work')
        self.refused(('add', 'work', '--imap', 'other.test'), 64, 'work.conf', 'is there already')
        self.assertEqual(self.text('work'), before)
        for words, pieces in (
                (('other',), ['no server']),
                (('a/b', *SERVERS), ["'a/b'"]),
                (('x' * 65, *SERVERS), ['cannot be the id']),
                (('anna@example.org', *SERVERS), ['looks like a mail address']),
                (('other', '--address', 'anna', *SERVERS), ['address']),
                (('other', '--credential', '../etc/passwd', *SERVERS), ['secret']),
                (('other', '--imap', 'a.test', '--imap', 'b.test'), ['one server of each kind']),
                (('other', '--pop3-security', 'tls', *SERVERS), ['pop3']),
                (('other', '--name', 'two\nlines', *SERVERS), ['name']),
        ):
            with self.subTest(words=words):
                self.refused(('add', *words), 64, *pieces)
                self.assertEqual(self.files(), ['work.conf'])

    # ---- edit and remove ----

    def test_edit(self):
        self.daemon.write_account('work', '# mine\n[account]\naddress = anna@example.org\n\n[imap]\n# why\nhost = a.test\n'
                                          'port = 1993\nsecurity = tls\n')
        self.ok('edit', 'work', '--imap', 'b.test:2993', '--name', 'Work')
        self.assertEqual(self.text('work'), '# mine\n[account]\naddress = anna@example.org\nname = Work\n\n[imap]\n# why\n'
                                            'host = b.test\nport = 2993\nsecurity = tls\n')
        self.assertEqual(self.services('work')[0]['host'], 'b.test')
        self.refused(('edit', 'work', '--address', 'nobody'), 64, 'address')
        self.assertIn('address = anna@example.org\n', self.text('work'))
        self.refused(('edit', 'other', '--name', 'x'), 66, 'other.conf')
        self.assertEqual(self.files(), ['work.conf'])

    def test_editor(self):
        self.ok('add', 'work', *SERVERS)
        os.chmod(self.daemon.account_file('work'), 0o640)
        editor = self.editor('text = text.replace("imap.test", "mail.test")')
        self.ok('edit', 'work', EDITOR='false', VISUAL=editor)
        self.assertIn('host = mail.test\n', self.text('work'))
        self.assertEqual(self.services('work')[0]['host'], 'mail.test')
        self.assertEqual(stat.S_IMODE(os.stat(self.daemon.account_file('work')).st_mode), 0o640)

        before = self.text('work')
        editor = self.editor('text += "passwrod = x\\n"')
        self.refused(('edit', 'work'), 64, 'passwrod', VISUAL=editor)
        self.refused(('edit', 'work'), 2, "'false'", 'nothing was changed', VISUAL='false')
        editor = self.editor('open(%r, "a").write("# another\\n"); text += "# mine\\n"' % self.daemon.account_file('work'))
        self.refused(('edit', 'work'), 2, 'somebody else', VISUAL=editor)
        self.assertEqual(self.text('work'), before + '# another\n')
        self.assertEqual(self.files(), ['work.conf'])

    def test_remove(self):
        self.ok('add', 'work', *SERVERS)
        self.refused(('remove', 'work', '--name', 'x'), 64, 'takes no settings')
        self.ok('remove', 'work')
        self.assertEqual((self.files(), list(self.manager().ListAccounts())), ([], []))
        self.refused(('remove', 'work'), 66, 'work.conf')

    def test_words(self):
        self.refused(('show', 'work'), 64, "'show'", 'add, edit and remove')
        self.refused(('add',), 64, 'which account')
        self.refused(('add', 'work', '--host', 'root@other.test', *SERVERS), 64, 'another computer')

    def test_private(self):
        """Nobody needs to run: a daemon for the call alone judges the text; the folder is made."""
        with tempfile.TemporaryDirectory() as folder:
            config = os.path.join(folder, 'new')
            words = [CLIENT, '--private', '--config-dir', config, 'account']
            env = dict(self.bus.environment(LC_ALL='C.UTF-8'), MAILDIAG_LIBEXECDIR=os.path.dirname(buskit.MAILDIAGD),
                       MAILDIAG_PLUGINDIR=buskit.PLUGINS)
            done = subprocess.run(words + ['add', 'work', *SERVERS], env=env, capture_output=True, text=True, timeout=GUARD)
            self.assertEqual((done.returncode, done.stderr), (0, ''), done)
            self.assertEqual(os.listdir(os.path.join(config, 'accounts.d')), ['work.conf'])
            done = subprocess.run(words + ['add', 'bad', '--imap', 'a b'], env=env, capture_output=True, text=True,
                                  timeout=GUARD)
            self.assertEqual(done.returncode, 64, done)
            self.assertEqual(os.listdir(os.path.join(config, 'accounts.d')), ['work.conf'])

    # ---- the call behind it ----

    def test_validate(self):
        self.manager().ValidateAccount('fresh', '[imap]\nhost = a.test\n')
        for id, text, pieces in (
                ('fresh', '[imap]\nhost = a.test\nport = many\n', ['3', 'port']),
                ('fresh', '', ['names no service']),
                ('fresh', '[account]\nsecret = hunter2-password\n[imap]\nhost = a.test\n', ['2', 'secret']),
                ('fresh', '# ' + 'x' * 70000, ['64 KiB']),
        ):
            with self.subTest(id=id, text=text[:40]):
                with self.assertRaises(buskit.dbus.DBusException) as caught:
                    self.manager().ValidateAccount(id, text)
                self.assertEqual(caught.exception.get_dbus_name(), BROKEN)
                for piece in pieces:
                    self.assertIn(piece, caught.exception.get_dbus_message())
                self.assertNotIn('hunter2', caught.exception.get_dbus_message())
        self.assert_refused(buskit.INVALID, ["'id'"], lambda: self.manager().ValidateAccount('a/b', '[imap]\nhost = a.test\n'))
        self.assertEqual(list(self.manager().ListAccounts()), [])


if __name__ == '__main__':
    buskit.main()
