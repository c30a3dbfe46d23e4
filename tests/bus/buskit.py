# SPDX-License-Identifier: LGPL-2.1-or-later
"""A bus of their own for the tests, with a maildiagd on it, and the ways to talk to it.

Nothing here touches the session or the system of whoever runs the tests: the bus listens in a temporary folder, and all
processes are ended by their number.
"""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import dbus
import dbus.bus
import dbus.lowlevel
from dbus.mainloop.glib import DBusGMainLoop
from gi.repository import GLib

NAME = 'org.maildiag.Diag1'
PATH = '/org/maildiag/Diag1'
MANAGER = NAME + '.Manager'
ACCOUNT = NAME + '.Account'
JOB = NAME + '.Job'
PLUGIN = NAME + '.Plugin'
INVALID = 'org.freedesktop.DBus.Error.InvalidArgs'
DENIED = 'org.freedesktop.DBus.Error.AccessDenied'
LIMITS = 'org.freedesktop.DBus.Error.LimitsExceeded'

SOURCE = os.environ['MAILDIAG_SOURCE']
MAILDIAGD = os.environ['MAILDIAGD']
WORKER = os.environ['MAILDIAG_WORKER']
FAKE_WORKER = os.environ['MAILDIAG_FAKE_WORKER']
PLUGINS = os.environ['MAILDIAG_PLUGINS']
FINDERS = os.environ['MAILDIAG_FINDERS']
XML = os.path.join(SOURCE, 'dbus', NAME + '.xml')
SCHEMA = os.path.join(SOURCE, 'dbus', 'maildiag-report-1.schema.json')
STATUS_SCHEMA = os.path.join(SOURCE, 'dbus', 'maildiag-status-1.schema.json')
CLIENT = os.environ['MAILDIAG_CLIENT']
LIST_SCHEMA = os.path.join(SOURCE, 'dbus', 'maildiag-reports-1.schema.json')

GUARD = 60                      # seconds after which a test is taken to hang; nothing is measured with it
NOBODY = 65534

BUS_CONFIG = '''<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={folder}/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_type="method_call"/>
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
  </policy>
</busconfig>
'''

DBusGMainLoop(set_as_default=True)


def wait_for(condition, what='condition'):
    """Runs the main loop until the condition holds."""
    deadline = time.monotonic() + GUARD
    context = GLib.MainContext.default()
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError('still waiting for: ' + what)
        if not context.iteration(False):
            time.sleep(0.005)


def end(process):
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(GUARD)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def children_of(pid):
    """Processes whose parent is pid, zombies left out."""
    found = []
    for entry in os.listdir('/proc'):
        if entry.isdigit():
            try:
                with open('/proc/%s/stat' % entry, 'rb') as stat:
                    fields = stat.read().rsplit(b')', 1)[1].split()
            except OSError:
                continue
            if int(fields[1]) == pid and fields[0] != b'Z':
                found.append(int(entry))
    return found


def is_alive(pid):
    try:
        with open('/proc/%d/stat' % pid, 'rb') as stat:
            return stat.read().rsplit(b')', 1)[1].split()[0] != b'Z'
    except OSError:
        return False


class Bus:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix='maildiag-bus-')
        os.chmod(self.folder, 0o755)
        config = os.path.join(self.folder, 'bus.conf')
        with open(config, 'w') as file:
            file.write(BUS_CONFIG.format(folder=self.folder))
        self.process = subprocess.Popen(
            ['dbus-daemon', '--config-file=' + config, '--nofork', '--nopidfile', '--print-address=1'],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.address = self.process.stdout.readline().strip()
        assert self.address, 'dbus-daemon did not start'

    def environment(self, **more):
        environment = dict(os.environ, DBUS_SESSION_BUS_ADDRESS=self.address)
        environment.pop('DBUS_STARTER_ADDRESS', None)
        environment.pop('NOTIFY_SOCKET', None)
        environment.update(more)
        return environment

    def connect(self):
        connection = dbus.bus.BusConnection(self.address)
        connection.set_exit_on_disconnect(False)
        return connection

    def stop(self):
        end(self.process)
        self.process.stdout.close()
        shutil.rmtree(self.folder)


def command_line(pid):
    try:
        with open('/proc/%d/cmdline' % pid) as file:
            return file.read().split('\0')
    except OSError:
        return []


class Daemon:
    """A maildiagd --user. `mode` is how the fake worker begins."""

    def __init__(self, bus, fake=True, mode=None, worker=None, limits=None, state=None, accounts=None,
                 environment=None, plugins=None, options=(), config=None,
                 wrapper=()):
        self.bus = bus
        self.folder = tempfile.mkdtemp(prefix='maildiag-daemon-')
        os.chmod(self.folder, 0o755)
        self.set_mode(mode)
        self.config = os.path.join(self.folder, 'config')
        os.makedirs(os.path.join(self.config, 'accounts.d'))
        # Checks by schedule are for the tests that ask for them.
        self.write_config(config or '[monitor]\ninterval = none\n')
        for id, text in (accounts or {}).items():
            self.write_account(id, text)
        self.log = open(os.path.join(self.folder, 'log'), 'w+b')
        self.process = subprocess.Popen(
            [*wrapper, MAILDIAGD, '--user',
             '--worker=' + (worker or (FAKE_WORKER if fake else WORKER)),
             '--plugin-dir=' + (plugins or (self.folder if fake else PLUGINS)),
             '--state-dir=' + (state or os.path.join(self.folder, 'state')),
             '--config-dir=' + self.config, *options],
            env=bus.environment(**(environment or {})), stderr=self.log, stdin=subprocess.DEVNULL,
            preexec_fn=(lambda: [resource.setrlimit(*limit) for limit in limits]) if limits else None)
        self.pid = self.process.pid

    def set_mode(self, mode):
        path = os.path.join(self.folder, 'mode')
        if mode:
            with open(path, 'w') as file:
                file.write(mode)
        elif os.path.exists(path):
            os.unlink(path)

    def write_config(self, text):
        with open(os.path.join(self.config, 'maildiag.conf'), 'w') as file:
            file.write(text)

    def account_file(self, id):
        return os.path.join(self.config, 'accounts.d', id + '.conf')

    def write_account(self, id, text):
        with open(self.account_file(id), 'w') as file:
            file.write(text)

    def wait_until_ready(self, connection):
        def ready():
            if self.process.poll() is not None:
                raise AssertionError('maildiagd ended: ' + self.said())
            return connection.name_has_owner(NAME)
        wait_for(ready, 'the name on the bus')

    def said(self):
        with open(self.log.name, 'rb') as log:
            return log.read().decode()

    def descriptors(self):
        return sorted(os.readlink('/proc/%d/fd/%s' % (self.pid, fd)).split(':')[0]
                      for fd in os.listdir('/proc/%d/fd' % self.pid))

    def worker(self):
        """Number of the worker's process, once there is one."""
        wait_for(lambda: self.workers(discovery=False), 'a worker')
        return self.workers(discovery=False)[0]

    def workers(self, discovery):
        return [child for child in children_of(self.pid) if ('--discovery' in command_line(child)) == discovery]

    def probes(self):
        return [probe for worker in children_of(self.pid) for probe in children_of(worker)]

    def stop(self):
        end(self.process)
        self.log.close()
        shutil.rmtree(self.folder)


class BusTest(unittest.TestCase):
    """One bus and one daemon per class, with the fake worker unless it says otherwise."""

    fake = True
    accounts = None                 # texts of account files by id

    @classmethod
    def setUpClass(cls):
        cls.bus = Bus()
        cls.daemon = Daemon(cls.bus, fake=cls.fake, accounts=cls.accounts)
        cls.connection = cls.bus.connect()
        cls.daemon.wait_until_ready(cls.connection)

    @classmethod
    def tearDownClass(cls):
        cls.connection.close()
        cls.daemon.stop()
        status = cls.daemon.process.returncode
        cls.bus.stop()
        assert status == 0, 'maildiagd ended with %d' % status

    def manager(self, connection=None):
        return dbus.Interface((connection or self.connection).get_object(NAME, PATH, introspect=False), MANAGER)

    def job(self, path, connection=None):
        return dbus.Interface((connection or self.connection).get_object(NAME, path, introspect=False), JOB)

    def property(self, path, interface, name, connection=None):
        object = (connection or self.connection).get_object(NAME, path, introspect=False)
        return object.Get(interface, name, dbus_interface='org.freedesktop.DBus.Properties', timeout=GUARD)

    def check(self, host, options=None, protocol='fake', port=0, security='tls', connection=None):
        """CheckServer; returns the verdict and the codes."""
        verdict, findings = self.manager(connection).CheckServer(
            protocol, host, dbus.UInt16(port), security, dbus.Dictionary(options or {}, signature='sv'), timeout=GUARD)
        return str(verdict), [str(finding['code']) for finding in findings]

    def start(self, hosts, options=None, address='', connection=None):
        """StartCheckSettings of the fake protocol; returns the path of the job."""
        services = [dbus.Dictionary({'protocol': 'fake', 'host': host, 'security': 'tls'}, signature='sv')
                    for host in hosts]
        return str(self.manager(connection).StartCheckSettings(
            address, dbus.Array(services, signature='a{sv}'), dbus.Dictionary(options or {}, signature='sv')))

    def wait_until_ended(self, path, connection=None):
        wait_for(lambda: self.property(path, JOB, 'State', connection) not in ('queued', 'running'), 'end of ' + path)
        return str(self.property(path, JOB, 'State', connection))

    def assert_refused(self, error, words, call):
        with self.assertRaises(dbus.DBusException) as caught:
            call()
        self.assertEqual(caught.exception.get_dbus_name(), error, caught.exception)
        message = caught.exception.get_dbus_message()
        for word in [words] if isinstance(words, str) else words:
            self.assertIn(word, message)
        self.assertNotIn('\n', message)
        self.assertLess(len(message), 500)

    def describe(self, path=PATH, interface=MANAGER):
        object = self.connection.get_object(NAME, path, introspect=False)
        return json.loads(object.Describe(dbus_interface=interface, timeout=GUARD))


class Signals:
    """The signals of jobs that reach a connection."""

    def __init__(self, connection):
        self.seen = []
        connection.add_signal_receiver(self.take, dbus_interface=JOB, member_keyword='member', path_keyword='path')

    def take(self, *arguments, member=None, path=None):
        self.seen.append((str(path), str(member)) + arguments)

    def of(self, path, member):
        return [signal[2:] for signal in self.seen if signal[:2] == (path, member)]


def main():
    if os.geteuid() != 0:
        print('not root: what needs another user is skipped', file=sys.stderr)
    signal.alarm(20 * GUARD)
    unittest.main(verbosity=2)
