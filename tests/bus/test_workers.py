# SPDX-License-Identifier: LGPL-2.1-or-later
"""Workers that die, lie and hang: as a child of the daemon, and behind a socket where each connection has one."""

import os
import signal
import socket
import subprocess
import tempfile
import threading

import dbus

import buskit
from buskit import FAKE_WORKER, JOB, MANAGER, PATH

LOST = 'internal.worker-lost'


class Doorman:
    """Stands in for the service manager: starts a worker for each connection, and never ends one."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix='maildiag-sockets-')
        self.plugins = self.folder      # where the fake worker looks for its mode
        self.workers = []
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.listener.bind(os.path.join(self.folder, 'worker'))
        self.listener.listen()
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            fd = connection.fileno()
            self.workers.append(subprocess.Popen(
                [FAKE_WORKER, '--socket=%d' % fd, '--plugin-dir=' + self.plugins], pass_fds=[fd],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True))
            connection.close()

    def leave(self):
        if self.listener.fileno() >= 0:
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def stop(self):
        self.leave()
        self.thread.join()
        for worker in self.workers:
            if worker.poll() is None:
                worker.kill()
            worker.wait()
        os.unlink(os.path.join(self.folder, 'worker'))
        os.rmdir(self.folder)


class Workers:
    """The same for both forms; `begin` starts the daemon with a worker that begins in this way."""

    def setUp(self):
        self.bus = buskit.Bus()
        self.connection = self.bus.connect()
        self.daemon = None

    def tearDown(self):
        if self.daemon:
            self.daemon.stop()
        self.connection.close()
        self.bus.stop()

    def begin(self, mode=None):
        self.start_daemon(mode)
        self.daemon.wait_until_ready(self.connection)

    def recovered(self):
        try:
            return self.check('ok.test') == ('ok', [])
        except dbus.DBusException as error:
            if 'there is no worker' not in error.get_dbus_message():
                raise
            return False

    def test_one_that_breaks_the_rules(self):
        self.begin()
        for host in ('worker-dies.test', 'worker-lies.test', 'worker-garbles.test'):
            with self.subTest(host):
                other = self.start(['hang.test'], {'timeout-ms': dbus.UInt32(60000)})
                buskit.wait_for(lambda: self.property(other, JOB, 'State') == 'running', 'the other job')
                self.assertEqual(self.check(host), ('unknown', [LOST]))
                self.wait_until_ended(other)
                self.assertEqual(self.job(other).GetResult()[0]['findings'][0]['code'], LOST)
                buskit.wait_for(self.recovered, 'another worker')

    def test_one_that_hangs(self):
        """Nothing is killed when it is asked to."""
        self.begin()
        for host in ('worker-stops.test', 'worker-mute.test'):
            with self.subTest(host):
                first = self.start([host])
                second = self.start(['hang.test'])
                buskit.wait_for(lambda: self.property(second, JOB, 'State') == 'running', 'the job')
                self.job(first).Cancel()
                self.job(second).Cancel()
                buskit.wait_for(lambda: 'it does not answer' in self.daemon.said(), 'the end of patience')
                buskit.wait_for(self.recovered, 'another worker')

    def test_one_that_does_not_begin(self):
        for mode in ('exit', 'garbage', 'flood'):
            with self.subTest(mode):
                self.begin(mode)
                self.assert_refused('org.freedesktop.DBus.Error.Failed', 'there is no worker',
                                    lambda: self.check('ok.test'))
                self.set_mode(None)
                buskit.wait_for(self.recovered, 'a worker')
                self.daemon.stop()
                self.daemon = None


class Child(Workers, buskit.BusTest):
    setUpClass = tearDownClass = classmethod(lambda cls: None)

    def start_daemon(self, mode):
        self.daemon = buskit.Daemon(self.bus, mode=mode)

    def set_mode(self, mode):
        self.daemon.set_mode(mode)


class Service(Workers, buskit.BusTest):
    setUpClass = tearDownClass = classmethod(lambda cls: None)

    def setUp(self):
        super().setUp()
        self.doorman = Doorman()

    def tearDown(self):
        super().tearDown()
        self.doorman.stop()

    def start_daemon(self, mode):
        self.set_mode(mode)
        self.daemon = buskit.Daemon(self.bus, options=['--sockets=' + self.doorman.folder])

    def set_mode(self, mode):
        path = os.path.join(self.doorman.folder, 'mode')
        if mode:
            with open(path, 'w') as file:
                file.write(mode)
        elif os.path.exists(path):
            os.unlink(path)

    def test_one_that_is_left_behind(self):
        """It cannot be killed from here: it is hung up on, and another answers."""
        self.begin()
        worker = self.doorman.workers[0]
        self.assertEqual(self.check('ok.test'), ('ok', []))
        worker.send_signal(signal.SIGSTOP)
        path = self.start(['ok.test'])
        self.job(path).Cancel()
        buskit.wait_for(self.recovered, 'another worker')
        self.assertIsNone(worker.poll())
        self.assertEqual(len(self.doorman.workers), 2)

    def test_nobody_listens(self):
        self.doorman.leave()
        self.begin()
        self.assert_refused('org.freedesktop.DBus.Error.Failed', ['there is no worker', 'Connection refused'],
                            lambda: self.check('ok.test'))
        self.assertFalse(self.property(PATH, MANAGER, 'Checking'))

    def test_it_ends_with_the_daemon(self):
        self.begin()
        self.assertEqual(self.check('ok.test'), ('ok', []))
        self.daemon.stop()
        self.daemon = None
        self.assertEqual(self.doorman.workers[0].wait(buskit.GUARD), 0)



if __name__ == '__main__':
    buskit.main()
