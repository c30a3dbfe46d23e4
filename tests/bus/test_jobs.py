# SPDX-License-Identifier: LGPL-2.1-or-later
"""Jobs: from the call to the report, their end with their caller, their limits, and who may see them."""

import json
import os
import subprocess
import threading
import unittest

import dbus
import jsonschema

import buskit
from buskit import DENIED, JOB, LIMITS, MANAGER, NAME, PATH


def schema():
    with open(buskit.SCHEMA) as file:
        return json.load(file)


class Jobs(buskit.BusTest):

    def setUp(self):
        self.signals = buskit.Signals(self.connection)

    def tearDown(self):
        buskit.wait_for(lambda: not self.property(PATH, MANAGER, 'Checking'), 'the end of all jobs')
        buskit.wait_for(lambda: not self.daemon.probes(), 'the end of all probes')

    # ---- one job ----

    def test_from_start_to_report(self):
        path = self.start(['broken.test', 'ok.test'], {'timeout-ms': dbus.UInt32(30000)}, 'anna@example.org')
        buskit.wait_for(lambda: self.signals.of(path, 'Finished'), 'Finished')
        self.assertEqual(self.signals.of(path, 'Finished'), [('done', 'error')])

        progress = self.signals.of(path, 'Progress')
        self.assertIn((1, 2, 'fake', 'greeting'), progress)
        self.assertEqual(progress[-1], (2, 2, 'fake', 'greeting'))
        self.assertEqual(sorted(done for done, *rest in progress), [done for done, *rest in progress])

        result, = self.job(path).GetResult()
        self.assertEqual((result['address'], result['verdict'], result['receive'], result['send']),
                         ('anna@example.org', 'error', 'unknown', 'none'))
        finding, = result['findings']
        self.assertEqual((finding['code'], finding['host'], finding['port'], finding['service']),
                         ('fake.broken', 'broken.test', 99, 'fake'))
        self.assertEqual(finding['message'], 'broken.test is broken in two')
        self.assertEqual(finding['params']['way'], 'two')
        self.assertEqual(finding['evidence'], '* BYE \ufffd[31mno\ufffd\ufffdway')
        for name, value in (('State', 'done'), ('Verdict', 'error'), ('Done', 2), ('Total', 2),
                            ('StartedByUID', os.geteuid())):
            self.assertEqual(self.property(path, JOB, name), value, name)
        self.assertGreaterEqual(self.property(path, JOB, 'EndedUSec'), self.property(path, JOB, 'StartedUSec'))

    def test_report_has_the_schema(self):
        path = self.start(['broken.test', 'ok.test', 'crash.test', 'refused.test', 'garbage.test', 'silent.test'])
        self.wait_until_ended(path)
        report = self.describe(path, JOB)
        jsonschema.Draft202012Validator(schema()).validate(report)
        self.assertEqual((report['state'], report['verdict']), ('done', 'error'))
        self.assertEqual(sorted(finding['code'] for finding in report['findings']),
                         ['fake.broken', 'internal.bad-record', 'internal.not-started', 'internal.worker-lost',
                          'internal.worker-lost'])

    def test_while_it_runs(self):
        path = self.start(['hang.test'])
        buskit.wait_for(lambda: self.signals.of(path, 'Progress'), 'the first step')
        self.assertEqual(self.property(path, JOB, 'State'), 'running')
        self.assertEqual(self.property(path, JOB, 'EndedUSec'), 0)
        self.assertTrue(self.property(PATH, MANAGER, 'Checking'))
        self.assert_refused(NAME + '.Error.Busy', 'wait for Finished', lambda: self.job(path).GetResult())
        report = self.describe(path, JOB)
        jsonschema.Draft202012Validator(schema()).validate(report)
        self.assertEqual(report['state'], 'running')
        self.job(path).Cancel()

    def test_cancel(self):
        path = self.start(['hang.test', 'ok.test'])
        buskit.wait_for(lambda: self.daemon.probes(), 'a probe')
        self.job(path).Cancel()
        self.assertEqual(self.property(path, JOB, 'State'), 'cancelled')
        buskit.wait_for(lambda: self.signals.of(path, 'Finished'), 'Finished')
        self.assertEqual(self.signals.of(path, 'Finished'), [('cancelled', 'unknown')])
        self.job(path).Cancel()
        self.assertEqual(self.job(path).GetResult()[0]['verdict'], 'unknown')
        jsonschema.Draft202012Validator(schema()).validate(self.describe(path, JOB))

    def test_timeout(self):
        path = self.start(['hang.test'], {'timeout-ms': dbus.UInt32(100)})
        self.assertEqual(self.wait_until_ended(path), 'timeout')
        self.assertEqual(self.job(path).GetResult()[0]['findings'][0]['code'], 'internal.overdue')
        path = self.start(['hang.test', 'ok.test'], {'timeout-ms': dbus.UInt32(100)})
        self.assertEqual(self.wait_until_ended(path), 'done')

    def test_failed(self):
        path = self.start(['refused.test'])
        self.assertEqual(self.wait_until_ended(path), 'failed')

    def test_check_settings(self):
        services = [dbus.Dictionary({'protocol': 'fake', 'host': host, 'security': 'tls'}, signature='sv')
                    for host in ('ok.test', 'broken.test')]
        verdict, findings = self.manager().CheckSettings('', dbus.Array(services, signature='a{sv}'),
                                                         dbus.Dictionary({}, signature='sv'))
        self.assertEqual((verdict, [finding['code'] for finding in findings]), ('error', ['fake.broken']))

    # ---- who is told, and who stays ----

    def test_signals_go_to_the_starter_alone(self):
        other = self.bus.connect()
        heard = buskit.Signals(other)
        path = self.start(['broken.test'])
        buskit.wait_for(lambda: self.signals.of(path, 'Finished'), 'Finished')
        self.manager(other).ListPlugins()
        self.assertEqual(heard.seen, [])
        other.close()

    def test_job_ends_with_its_caller(self):
        other = self.bus.connect()
        path = self.start(['hang.test'] * 3, connection=other)
        buskit.wait_for(lambda: len(self.daemon.probes()) == 3, 'three probes')
        other.close()
        self.assertEqual(self.wait_until_ended(path), 'cancelled')

    def test_check_ends_with_its_caller(self):
        caller = subprocess.Popen(['busctl', '--user', 'call', NAME, PATH, MANAGER, 'CheckServer', 'ssqsa{sv}', 'fake',
                                   'hang.test', '0', 'tls', '0'], env=self.bus.environment(), stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL)
        buskit.wait_for(lambda: self.daemon.probes(), 'a probe')
        caller.kill()
        caller.wait()
        buskit.wait_for(lambda: not self.property(PATH, MANAGER, 'Checking'), 'the end of the job')

    def test_result_can_be_read_late(self):
        """By another connection, after the one that started the job has left."""
        other = self.bus.connect()
        path = self.start(['broken.test'], connection=other)
        self.wait_until_ended(path)
        other.close()
        self.assertEqual(self.job(path).GetResult()[0]['verdict'], 'error')

    def test_list_jobs(self):
        path = self.start(['ok.test'])
        jobs = {str(job): (str(state), int(uid)) for job, state, uid, started in self.manager().ListJobs()}
        self.assertIn(path, jobs)
        self.assertEqual(jobs[path][1], os.geteuid())
        self.assertIn(path, [job['path'] for job in self.describe()['jobs']])
        self.wait_until_ended(path)

    # ---- limits ----

    def start_many(self, n, host, connection=None):
        """Starts n jobs at once; returns the paths, and the errors of those that were refused."""
        paths, errors = [], []
        services = dbus.Array([dbus.Dictionary({'protocol': 'fake', 'host': host, 'security': 'tls'}, signature='sv')],
                              signature='a{sv}')
        for i in range(n):
            self.manager(connection).StartCheckSettings('', services, dbus.Dictionary({}, signature='sv'),
                                                        reply_handler=paths.append, error_handler=errors.append)
        buskit.wait_for(lambda: len(paths) + len(errors) == n, '%d replies' % n)
        return [str(path) for path in paths], errors

    def test_forty_jobs_at_once(self):
        other = self.bus.connect()
        paths, errors = self.start_many(40, 'hang.test', other)
        self.assertEqual((len(paths), len(errors)), (36, 4))
        self.assertEqual({error.get_dbus_name() for error in errors}, {LIMITS})
        self.assertIn('as one may have', errors[0].get_dbus_message())
        states = {}
        for job, state, uid, started in self.manager().ListJobs():
            if job in paths:
                states.setdefault(str(state), []).append(str(job))
        self.assertEqual(sorted(states), ['queued', 'running'])
        self.assertEqual((len(states['running']), len(states['queued'])), (4, 32))
        buskit.wait_for(lambda: len(self.daemon.probes()) == 4, 'four probes')

        # When one ends the next begins; a queued one can be cancelled, too.
        self.job(states['queued'][-1]).Cancel()
        self.job(states['running'][0]).Cancel()
        buskit.wait_for(lambda: self.property(states['queued'][0], JOB, 'State') == 'running', 'the next job')
        other.close()
        for path in paths:
            self.assertEqual(self.wait_until_ended(path), 'cancelled')

    def test_all_of_many_end(self):
        paths, errors = self.start_many(36, 'broken.test')
        self.assertEqual(errors, [])
        for path in paths:
            self.assertEqual(self.wait_until_ended(path), 'done')

    def test_ten_thousand_jobs(self):
        """Nobody gets more than his share, and what is over costs nothing."""
        other = self.bus.connect()
        paths, errors = [], 0
        for i in range(20):
            more, refused = self.start_many(500, 'hang.test', other)
            paths += more
            errors += len(refused)
        self.assertEqual((len(paths), errors), (36, 10000 - 36))
        other.close()
        for path in paths:
            self.wait_until_ended(path)
        self.assertEqual(self.check('ok.test'), ('ok', []))

    def test_ended_jobs_are_not_kept_without_end(self):
        first = self.start(['ok.test'])
        for i in range(5):
            paths, errors = self.start_many(30, 'ok.test')
            for path in paths:
                self.wait_until_ended(path)
        self.assertLessEqual(len(self.manager().ListJobs()), 66)
        self.assert_refused(NAME + '.Error.NoSuchJob', 'no such job', lambda: self.job(first).GetResult())
        self.assertEqual(self.job(paths[-1]).GetResult()[0]['verdict'], 'ok')

    def test_one_user_leaves_room_for_probes(self):
        """No user has more than half of the places of the worker."""
        path = self.start(['hang.test'] * 16)
        more = [self.start(['hang.test'] * 16) for i in range(3)]
        buskit.wait_for(lambda: len(self.daemon.probes()) == 32, '32 probes')
        for job in [path] + more:
            self.job(job).Cancel()

    # ---- others ----

    @unittest.skipUnless(os.geteuid() == 0, 'needs root to be somebody else')
    def test_another_user(self):
        path = self.start(['hang.test'])
        service = dict(protocol='fake', host='ok.test')
        properties = 'org.freedesktop.DBus.Properties'
        answers = self.as_nobody([
            [PATH, MANAGER, 'ListPlugins'],
            [PATH, MANAGER, 'ListJobs'],
            [PATH, MANAGER, 'Describe'],
            [PATH, MANAGER, 'ListFindings'],
            [PATH, MANAGER, 'Explain', 'cert.expired', ''],
            [PATH, MANAGER, 'CheckServer', 'fake', 'ok.test', 0, 'tls', {}],
            [PATH, MANAGER, 'CheckSettings', '', [service], {}],
            [PATH, MANAGER, 'StartCheckSettings', '', [service], {}],
            [path, JOB, 'Cancel'],
            [path, JOB, 'GetResult'],
            [path, JOB, 'Describe'],
            [path, properties, 'Get', JOB, 'State'],
            [path, properties, 'GetAll', JOB],
            [PATH, 'org.freedesktop.DBus.ObjectManager', 'GetManagedObjects'],
        ])
        objects = answers.pop()
        for answer in answers:
            with self.subTest(answer[0]):
                self.assertEqual(answer[1:], [DENIED, 'this maildiagd serves another user'])
        self.assertIn('/plugin/fake', objects[1])
        self.assertNotIn('/job/', objects[1])
        self.assertEqual(self.property(path, JOB, 'State'), 'running')
        self.job(path).Cancel()

    AS_NOBODY = '''
import dbus.bus, json, sys
bus = dbus.bus.BusConnection(sys.argv[1])
answers = []
for path, interface, method, *arguments in json.loads(sys.argv[2]):
    proxy = bus.get_object('org.maildiag.Diag1', path)
    typed = [dbus.Dictionary(x, signature='sv') if isinstance(x, dict) else x for x in arguments]
    try:
        answers.append([method, str(proxy.get_dbus_method(method, interface)(*typed))])
    except dbus.DBusException as error:
        answers.append([method, error.get_dbus_name(), error.get_dbus_message()])
print(json.dumps(answers))
'''

    def as_nobody(self, calls):
        result = subprocess.run(['setpriv', '--reuid=%d' % buskit.NOBODY, '--regid=%d' % buskit.NOBODY, '--clear-groups',
                                 '/usr/bin/python3', '-c', self.AS_NOBODY, self.bus.address, json.dumps(calls)],
                                capture_output=True, text=True, timeout=buskit.GUARD, cwd='/')
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)

    def test_callers_that_vanish(self):
        """Callers that leave in the middle of their call: nothing is left of them."""
        before = self.daemon.descriptors()

        def vanish():
            for i in range(20):
                caller = self.bus.connect()
                message = dbus.lowlevel.MethodCallMessage(NAME, PATH, MANAGER, 'CheckServer')
                message.append('fake', 'hang.test', dbus.UInt16(0), 'tls', {}, signature='ssqsa{sv}')
                caller.send_message(message)
                caller.flush()
                caller.close()

        threads = [threading.Thread(target=vanish) for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        buskit.wait_for(lambda: not self.property(PATH, MANAGER, 'Checking') and
                        all(state not in ('queued', 'running') for job, state, *rest in self.manager().ListJobs()),
                        'the end of all jobs')
        buskit.wait_for(lambda: self.daemon.descriptors() == before, 'the descriptors of before')


if __name__ == '__main__':
    buskit.main()
