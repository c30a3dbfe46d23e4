# SPDX-License-Identifier: LGPL-2.1-or-later
"""Many accounts in one job: what each is asked with, what each gets, and what they have in common."""

import json
import os

import dbus
import jsonschema

import buskit
from buskit import INVALID, JOB, MANAGER, NAME, PATH


def validator():
    with open(buskit.SCHEMA) as file:
        report = json.load(file)
    with open(buskit.LIST_SCHEMA) as file:
        reports = json.load(file)
    resolver = jsonschema.RefResolver(reports['$id'], reports, store={report['$id']: report})
    return jsonschema.Draft202012Validator(reports, resolver=resolver)


def service(host, **more):
    return dbus.Dictionary({'protocol': 'fake', 'host': host, 'security': 'tls', **more}, signature='sv')


def account(*hosts, **more):
    services = [host if isinstance(host, dict) else service(host) for host in hosts]
    return dbus.Dictionary({'services': dbus.Array(services, signature='a{sv}'), **more}, signature='sv')


class Accounts(buskit.BusTest):

    def setUp(self):
        self.signals = buskit.Signals(self.connection)

    def tearDown(self):
        buskit.wait_for(lambda: not self.property(PATH, MANAGER, 'Checking'), 'the end of all jobs')

    def start_accounts(self, *accounts, connection=None, **options):
        return str(self.manager(connection).StartCheckAccounts(
            dbus.Array(accounts, signature='a{sv}'), dbus.Dictionary(options, signature='sv')))

    def document(self, path):
        document = self.describe(path, JOB)
        self.assertEqual([error.message for error in validator().iter_errors(document)], [])
        return document

    # ---- results ----

    def test_each_gets_its_own(self):
        path = self.start_accounts(account('ok.test', address='anna@example.org'), account('broken.test', 'ok.test'),
                                   account('crash.test', address='carla@example.net'))
        self.assertEqual(self.wait_until_ended(path), 'done')
        results = self.job(path).GetResult()
        self.assertEqual([(str(r['address']), str(r['verdict'])) for r in results],
                         [('anna@example.org', 'ok'), ('', 'error'), ('carla@example.net', 'unknown')])
        self.assertEqual([[str(f['code']) for f in r['findings']] for r in results],
                         [[], ['fake.broken'], ['internal.worker-lost']])
        self.assertEqual([list(r['shared']) for r in results], [[], [], []])
        self.assertEqual(self.property(path, JOB, 'Verdict'), 'error')
        buskit.wait_for(lambda: self.signals.of(path, 'Finished'), 'Finished')
        self.assertEqual(self.signals.of(path, 'Finished'), [('done', 'error')])
        self.assertEqual((self.property(path, JOB, 'Done'), self.property(path, JOB, 'Total')), (4, 4))

        document = self.document(path)
        self.assertEqual((document['schema'], document['state'], document['verdict'], document['findings']),
                         ('maildiag-reports/1', 'done', 'error', []))
        self.assertEqual([report['account']['address'] for report in document['reports']],
                         ['anna@example.org', None, 'carla@example.net'])

    def test_what_they_share(self):
        path = self.start_accounts(account('blocked.a.test', address='anna@a.test'),
                                   account('blocked.b.test', address='ben@b.test'),
                                   account('crash.test', address='carla@c.test'))
        self.wait_until_ended(path)
        results = self.job(path).GetResult()
        for result in results[:2]:
            shared, = result['shared']
            self.assertEqual((shared['code'], shared['severity'], shared['actor']),
                             ('shared.no-connection', 'error', 'network'))
            self.assertEqual([str(name) for name in shared['params']['accounts']], ['anna@a.test', 'ben@b.test'])
            self.assertEqual([str(name) for name in shared['params']['hosts']], ['blocked.a.test', 'blocked.b.test'])
            self.assertIn('2 accounts', shared['message'])
            self.assertEqual(result['findings'][0]['cause'], 'shared.no-connection')
        self.assertEqual(list(results[2]['shared']), [])

        document = self.document(path)
        self.assertEqual([(finding['code'], finding['accounts']) for finding in document['findings']],
                         [('shared.no-connection', [0, 1])])
        self.assertEqual([[finding.get('cause') for finding in report['findings']] for report in document['reports']],
                         [['shared.no-connection'], ['shared.no-connection'], [None]])

    def test_while_it_runs(self):
        """What two accounts share is seen before the third has ended, and no more is made of it by looking twice."""
        path = self.start_accounts(account('blocked.a.test'), account('blocked.b.test'), account('hang.test'))
        buskit.wait_for(lambda: [report['state'] for report in self.describe(path, JOB)['reports']] ==
                        ['done', 'done', 'running'], 'the end of two')
        for number in range(3):
            document = self.document(path)
            self.assertEqual(document['state'], 'running')
            self.assertEqual([finding['params']['accounts'] for finding in document['findings']], [['#1', '#2']])
        self.assert_refused(NAME + '.Error.Busy', 'wait for Finished', lambda: self.job(path).GetResult())
        self.job(path).Cancel()
        document = self.document(path)
        self.assertEqual((document['state'], [report['state'] for report in document['reports']]),
                         ('cancelled', ['done', 'done', 'cancelled']))

    def test_one_account_is_a_list_of_one(self):
        path = self.start_accounts(account('ok.test'))
        self.wait_until_ended(path)
        self.assertEqual(len(self.document(path)['reports']), 1)
        self.assertEqual(list(self.job(path).GetResult()[0]['shared']), [])

    def test_sixty_four(self):
        """They take turns, and all are done."""
        path = self.start_accounts(*[account('ok.test', 'broken.test', address='user%d@example.org' % i)
                                     for i in range(64)])
        self.assertEqual(self.wait_until_ended(path), 'done')
        results = self.job(path).GetResult()
        self.assertEqual([str(result['address']) for result in results], ['user%d@example.org' % i for i in range(64)])
        self.assertEqual({str(result['verdict']) for result in results}, {'error'})
        self.document(path)

    def test_a_few_at_a_time(self):
        path = self.start_accounts(*[account('hang.test') for i in range(20)])
        buskit.wait_for(lambda: len(self.daemon.probes()) == 8, 'eight probes')
        states = [report['state'] for report in self.document(path)['reports']]
        self.assertEqual(states, ['running'] * 8 + ['queued'] * 12)
        self.job(path).Cancel()
        self.assertEqual({report['state'] for report in self.document(path)['reports']}, {'cancelled'})

    def test_time_is_that_of_each(self):
        """Three rounds of accounts that hang: each has its own time, and none takes that of the next."""
        path = self.start_accounts(*[account('hang.test' if i < 16 else 'ok.test') for i in range(20)],
                                   **{'timeout-ms': dbus.UInt32(200)})
        self.assertEqual(self.wait_until_ended(path), 'done')
        self.assertEqual([str(result['verdict']) for result in self.job(path).GetResult()], ['unknown'] * 16 + ['ok'] * 4)

    def test_the_job_ends_with_its_caller(self):
        other = self.bus.connect()
        path = self.start_accounts(*[account('hang.test') for i in range(20)], connection=other)
        other.close()
        self.assertEqual(self.wait_until_ended(path), 'cancelled')

    def test_it_is_one_job_of_the_user(self):
        paths = [self.start_accounts(account('hang.test'), account('hang.test')) for i in range(5)]
        states = [self.property(path, JOB, 'State') for path in paths]
        self.assertEqual(states, ['running'] * 4 + ['queued'])
        for path in paths:
            self.job(path).Cancel()

    # ---- what is asked ----

    REFUSED = [
        ([], 'accounts: none is given'),
        ([{}], 'account 1: services names no service'),
        ([account('ok.test'), account()], 'account 2: services names no service'),
        ([account('ok.test')] * 65, 'accounts: more than 64'),
        ([account(*['ok.test'] * 17)], 'account 1: services: more than 16'),
        ([account('ok.test', address='anna')], "account 1: address 'anna' has no @"),
        ([account('ok.test'), account('ok.test', service('a..b'))],
         "account 2: host 'a..b' of service 2 (fake) has an empty label"),
        ([account(dbus.Dictionary({'protocol': 'fake'}, signature='sv'))], 'account 1: host of fake is missing'),
        ([account(service('ok.test', gift='x'))], "account 1: service 1: option 'gift' is not known"),
        ([account('ok.test', gift='x')], "account 1: option 'gift' is not known"),
        ([account('ok.test', host='x')], "account 1: option 'host' belongs to a service, not to an account"),
        ([account('ok.test', depth='full')], "account 1: option 'depth' belongs to the whole check, not to an account"),
        ([account('ok.test', password='x')], "account 1: option 'password' is refused: a secret is never a value"),
        ([dbus.Dictionary({'services': 'x'}, signature='sv')], "account 1: option 'services' must be of type aa{sv}"),
        ([account(service('ok.test', services='x'))], "account 1: service 1: option 'services' is not known"),
    ]

    def test_refused(self):
        for accounts, words in self.REFUSED:
            with self.subTest(words):
                self.assert_refused(INVALID, words, lambda: self.start_accounts(*accounts))

    def test_no_plugin(self):
        other = dbus.Dictionary({'protocol': 'gopher', 'host': 'ok.test'}, signature='sv')
        self.assert_refused(NAME + '.Error.NoSuchPlugin', "'gopher'",
                            lambda: self.start_accounts(account('ok.test'), account(other)))

    def test_what_wins(self):
        """A service over its account, and that over what is given for all."""
        path = self.start_accounts(
            account(service('ok.test', username='service'), 'ok.test', username='account', address='anna@example.org'),
            account('ok.test'), **{'username': 'all', 'depth': 'connect'})
        self.wait_until_ended(path)
        self.assertEqual([[entry['username'] for entry in report['services']]
                          for report in self.document(path)['reports']], [['service', 'account'], ['all']])

    def give(self, fd):
        given = dbus.types.UnixFd(fd)
        os.close(fd)
        return given

    def test_a_pipe_serves_one_account(self):
        read, write = os.pipe()
        os.close(write)
        pipe = self.give(read)
        anna, ben = ({'username': name, 'password-fd': pipe} for name in ('anna', 'ben'))
        self.assert_refused(INVALID, 'a pipe is given for several accounts',
                            lambda: self.start_accounts(account('ok.test', **anna), account('ok.test', **ben)))
        self.wait_until_ended(self.start_accounts(account('ok.test', **anna), account('ok.test')))

    def test_nothing_is_left_open(self):
        """Whatever was asked for, refused or done."""
        before = self.daemon.descriptors()
        for number in range(5):
            for accounts, words in self.REFUSED:
                secret = self.give(os.memfd_create('secret'))
                accounts = [account('ok.test', **{'username': 'anna', 'password-fd': secret})] + accounts
                if len(accounts) > 1:
                    self.assert_refused(INVALID, '', lambda: self.start_accounts(*accounts))
            secret = self.give(os.memfd_create('secret'))
            path = self.start_accounts(*[account('ok.test', username='anna')] * 3, **{'password-fd': secret})
            self.wait_until_ended(path)
        self.assertEqual(self.daemon.descriptors(), before)


if __name__ == '__main__':
    buskit.main()
