# SPDX-License-Identifier: LGPL-2.1-or-later
"""Plugins that find settings: two workers that look like one, one of which comes and goes."""

import json
import os
import shutil
import tempfile

import dbus
import jsonschema

import buskit
from buskit import PATH, PLUGIN


DIALOGUES = ('control.so', 'imap.so', 'pop3.so', 'smtp.so')


def make_folder():
    """A plugin directory: the dialogues that maildiag brings, and the finders of the tests."""
    folder = tempfile.mkdtemp(prefix='maildiag-plugins-')
    os.chmod(folder, 0o755)
    os.mkdir(os.path.join(folder, 'discovery'), 0o755)
    for source, target in ((buskit.PLUGINS, ''), (buskit.FINDERS, ''), (buskit.FINDERS + '/discovery', 'discovery')):
        for name in os.listdir(source):
            if name in DIALOGUES or name.startswith('finder-') and name.endswith('.so'):
                shutil.copy(os.path.join(source, name), os.path.join(folder, target, name))
    return folder


class Discovery(buskit.BusTest):

    @classmethod
    def setUpClass(cls):
        cls.folder = make_folder()
        cls.bus = buskit.Bus()
        cls.daemon = buskit.Daemon(cls.bus, fake=False, plugins=cls.folder, options=['--time-scale=50'],
                                   environment={'MAILDIAG_OFFLINE': ''})
        cls.connection = cls.bus.connect()
        cls.daemon.wait_until_ready(cls.connection)

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        shutil.rmtree(cls.folder)

    def plugins(self):
        return {str(name): (list(map(str, protocols)), str(state))
                for name, _, protocols, state in self.manager().ListPlugins()}

    def wait_until_asleep(self):
        buskit.wait_for(lambda: not self.daemon.workers(discovery=True), 'the end of the worker of discovery')

    def test_all_plugins_are_listed(self):
        plugins = self.plugins()
        self.assertEqual(plugins['imap'], (['imap'], 'loaded'))
        for name in ('finder-table', 'finder-dns', 'finder-web'):
            self.assertEqual(plugins[name], ([], 'loaded'))

    def test_its_worker_comes_and_goes(self):
        self.plugins()
        self.wait_until_asleep()
        self.assertEqual(len(self.daemon.workers(discovery=False)), 1)
        # What it announced is remembered.
        self.assertEqual(self.plugins()['finder-web'], ([], 'loaded'))
        self.assertEqual(self.property(PATH + '/plugin/finder_2dweb', PLUGIN, 'State'), 'loaded')
        self.assertEqual(list(self.property(PATH + '/plugin/finder_2dweb', PLUGIN, 'Protocols')), [])
        described = {plugin['name']: plugin for plugin in self.describe()['plugins']}
        self.assertEqual(described['finder-dns']['ports'], [])

    def test_it_is_no_protocol(self):
        for name in ('finder-table', 'finder-web'):
            self.assert_refused(buskit.NAME + '.Error.NoSuchPlugin', name, lambda: self.check('x.test', protocol=name))

    def test_its_plugins_need_their_folder(self):
        """A plugin for the web is refused among the dialogues, and the other way round."""
        for wrong in ('finder-web.so', 'discovery/imap.so'):
            right = wrong[10:] if '/' in wrong else 'discovery/' + wrong
            folder = make_folder()
            os.rename(os.path.join(folder, right), os.path.join(folder, wrong))
            bus = buskit.Bus()
            daemon = buskit.Daemon(bus, fake=False, plugins=folder)
            connection = bus.connect()
            daemon.wait_until_ready(connection)
            state = {str(name): str(state) for name, _, _, state in self.manager(connection).ListPlugins()}
            self.assertEqual(state[os.path.basename(wrong)], 'failed', json.dumps(state))
            connection.close()
            daemon.stop()
            bus.stop()
            shutil.rmtree(folder)

    # ---- Discover ----

    def discover(self, address, **options):
        found = self.manager().Discover(address, dbus.Dictionary(options, signature='sv'), timeout=buskit.GUARD)
        return [{str(key): value for key, value in candidate.items()} for candidate in found]

    def test_candidates(self):
        imap, smtp = self.discover('servers@example.org', **{'no-probe': True})
        self.assertEqual({key: imap[key] for key in ('protocol', 'host', 'port', 'security', 'username', 'trust', 'chosen',
                                                     'foreign', 'conflict', 'outcome', 'asof')},
                         {'protocol': 'imap', 'host': 'imap.example.org', 'port': 993, 'security': 'tls',
                          'username': 'servers@example.org', 'trust': 'https', 'chosen': True, 'foreign': False,
                          'conflict': False, 'outcome': 'unknown', 'asof': '2026-03'})
        self.assertEqual(imap['port'].__class__, dbus.UInt16)
        self.assertEqual(list(map(str, imap['auth'])), ['password', 'oauth2'])
        self.assertEqual([str(origin['plugin']) for origin in imap['origins']],
                         ['finder-dns', 'finder-table', 'finder-web'])
        # Hearsay about a foreign host is shown, and not chosen.
        self.assertEqual((smtp['host'], smtp['username'], smtp['trust'], smtp['foreign'], smtp['chosen']),
                         ('smtp.provider.example', 'servers', 'insecure', True, False))

    def test_same_every_time(self):
        self.assertEqual(self.discover('servers@example.org', **{'no-probe': True}),
                         self.discover('servers@example.org', **{'no-probe': True}))

    def test_offline_asks_tables_only(self):
        imap, _ = self.discover('servers@example.org', offline=True)
        self.assertEqual([str(origin['plugin']) for origin in imap['origins']], ['finder-table'])
        self.assertEqual(imap['outcome'], 'unknown')

    def test_origins(self):
        imap, _ = self.discover('servers@example.org', origins=['finder-dns'], **{'no-probe': True})
        self.assertEqual([str(origin['plugin']) for origin in imap['origins']], ['finder-dns'])
        self.assertEqual(self.discover('servers@example.org', origins=['nobody'], **{'no-probe': True}), [])

    def test_internationalised_domain(self):
        imap, _ = self.discover('servers@b\u00fccher.example', **{'no-probe': True})
        self.assertEqual(imap['host'], 'imap.xn--bcher-kva.example')
        self.assertEqual(imap['username'], 'servers@b\u00fccher.example')

    def test_bad_addresses(self):
        for address, words in {
                '': 'is empty', 'anna': 'has no @', 'anna@': 'nothing after the @', '@example.org': 'nothing before the @',
                'anna@example': 'without a dot', 'Anna <anna@example.org>': 'a name or brackets beside it',
                'anna(home)@example.org': 'has a comment', 'anna@example.org (home)': 'has a comment',
                'anna@[192.0.2.1]': 'address in brackets', 'anna@192.0.2.1': 'must stand in brackets',
                '"anna@example.org': 'a quote without an end', 'anna@exa mple.org': 'no host name',
                'anna@' + 'a' * 64 + '.org': 'no host name', 'anna@' + 'abcdefgh.' * 40 + 'org': 'longer than 254',
                'a' * 65 + '@example.org': 'more than 64 bytes', 'anna@example..org': 'no host name',
                'anna\n@example.org': 'a line break'}.items():
            with self.subTest(address):
                self.assert_refused(buskit.INVALID, ["'address'", words], lambda: self.discover(address))

    def test_bad_options(self):
        for options, words in (({'host': 'x'}, 'belongs to a check'), ({'depth': 'tls'}, 'belongs to a check'),
                               ({'colour': 'red'}, 'not known'), ({'offline': 'yes'}, 'must be of type b'),
                               ({'origins': ['DNS']}, 'not the name of a plugin'),
                               ({'timeout-ms': dbus.UInt32(1)}, 'must be from 100')):
            with self.subTest(str(options)):
                self.assert_refused(buskit.INVALID, words, lambda: self.discover('anna@example.org', **options))
        self.assert_refused(buskit.INVALID, 'belongs to Discover',
                            lambda: self.check('x.test', {'no-probe': True}, protocol='imap'))

    def document(self, address, **options):
        path = str(self.manager().StartDiscover(address, dbus.Dictionary(options, signature='sv')))
        self.assertEqual(self.wait_until_ended(path), 'done')
        document = self.describe(path, buskit.JOB)
        with open(buskit.SCHEMA) as file:
            jsonschema.validate(document, json.load(file))
        return document

    def test_document(self):
        document = self.document('provider@example.org', offline=True)
        discovery = document['discovery']
        self.assertEqual(discovery['provider']['name'], 'The Provider')
        self.assertEqual(discovery['preconditions'][0],
                         {'kind': 'app-password', 'text': 'Make a password for the app.', 'origin': 'the tests',
                          'url': 'https://provider.example/app-passwords', 'checked': '2026-02'})
        self.assertEqual([source['plugin'] for source in discovery['sources']], ['finder-table'])
        codes = [finding['code'] for finding in document['findings']]
        self.assertIn('provider.app-password', codes)
        self.assertEqual(document['services'], [])
        self.assertEqual(document['attempts'], [])

    def test_all_are_asked(self):
        document = self.document('servers@example.org', **{'no-probe': True})
        self.assertEqual({source['plugin']: source['outcome'] for source in document['discovery']['sources']},
                         {'finder-table': 'ok', 'finder-dns': 'ok', 'finder-web': 'ok'})

    def test_nothing_found(self):
        document = self.document('anna@example.org')
        self.assertEqual([finding['code'] for finding in document['findings']], ['autoconf.nothing-found'])
        self.assertEqual(document['verdict'], 'warning')

    def test_a_domain_that_cannot_be_one(self):
        document = self.document('anna@\u0301a.example')
        self.assertEqual(document['findings'][0]['code'], 'settings.bad-address')
        self.assertEqual(document['verdict'], 'error')

    def test_a_source_that_says_rubbish(self):
        document = self.document('rubbish@example.org', offline=True)
        self.assertIn('autoconf.bad-value', [finding['code'] for finding in document['findings']])

    def test_no_service_and_nothing_found(self):
        verdict, findings = self.manager().CheckSettings('anna@example.org', dbus.Array([], signature='a{sv}'),
                                                         dbus.Dictionary({}, signature='sv'), timeout=buskit.GUARD)
        self.assertEqual(str(verdict), 'unknown')
        self.assertEqual([str(finding['code']) for finding in findings], ['autoconf.nothing-found'])

    def test_no_service_and_no_address(self):
        for address, words in (('', 'without an address none can be found'), ('anna@localhost', 'without a dot')):
            self.assert_refused(buskit.INVALID, words, lambda: self.manager().CheckSettings(
                address, dbus.Array([], signature='a{sv}'), dbus.Dictionary({}, signature='sv')))


if __name__ == '__main__':
    buskit.main()
