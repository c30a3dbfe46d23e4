# SPDX-License-Identifier: LGPL-2.1-or-later
"""A desktop of their own for the tests: a bus, a home, a screen, and the notifier on it.

Everything that is started is ended by its number. Pictures of the screen go to the build directory.
"""

import glob
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.environ['MAILDIAG_SOURCE'], 'tests', 'bus'))

import dbus                                                     # noqa: E402
import dbus.bus                                                 # noqa: E402
from gi.repository import GLib                                  # noqa: E402
from buskit import ACCOUNT, FAKE_WORKER, MAILDIAGD, NOBODY, PATH, end, wait_for                                # noqa: E402
from buskit import NAME as DIAG                                 # noqa: E402
from fakediag import Account, FakeDiag                          # noqa: E402

NOTIFIER = os.environ['MAILDIAG_NOTIFIER']
PICTURES = os.environ['MAILDIAG_PICTURES']
ICONS = os.environ['MAILDIAG_ICONDIR']
NAME = 'org.maildiag.Notifier'
NOTIFICATIONS = 'org.freedesktop.Notifications'
ITEM = 'org.kde.StatusNotifierItem'
MENU = 'com.canonical.dbusmenu'
WATCHER = 'org.kde.StatusNotifierWatcher'

# Signs of the icons.
RED, GREEN, AMBER = 'c01c28', '1f8a4c', 'b36b00'

# Programs of the desktop that a bus may start: the settings of Xfce.
SERVICE = '''[D-BUS Service]
Name=org.xfce.Xfconf
Exec=%s
'''

BUS_CONFIG = '''<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={folder}/bus</listen>
  <servicedir>{folder}/services</servicedir>
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


def library(program):
    """Where a program of a library is on this architecture."""
    return next(iter(glob.glob('/usr/lib/*/' + program)), program)


class Desktop:
    """A session: its folders, its bus, and what runs on it."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix='maildiag-desktop-')
        self.processes = []
        self.logs, self.last_words = {}, {}
        for name in ('home', 'run', 'services', 'state'):
            os.mkdir(os.path.join(self.folder, name), 0o700)
        self.environment = {key: value for key, value in os.environ.items()
                            if not key.startswith(('DBUS_', 'XDG_', 'DISPLAY', 'WAYLAND_', 'NOTIFY_', 'LC_', 'LANG'))}
        self.environment.update(
            HOME=self.path('home'), XDG_RUNTIME_DIR=self.path('run'), XDG_STATE_HOME=self.path('state'), LANG='C.UTF-8',
            NO_AT_BRIDGE='1', GTK_A11Y='none', GDK_BACKEND='x11', DBUS_SYSTEM_BUS_ADDRESS='unix:path=' + self.path('nowhere'),
            GSETTINGS_BACKEND='memory', XDG_CURRENT_DESKTOP='XFCE')
        # The icons as if they were installed.
        os.mkdir(self.path('share'))
        os.symlink(ICONS, self.path('share/icons'))
        self.environment['XDG_DATA_DIRS'] = self.path('share') + ':/usr/local/share:/usr/share'
        # A helper of a bus has the environment of the bus.
        with open(self.path('services/xfconf.service'), 'w') as file:
            file.write(SERVICE % library('xfce4/xfconf/xfconfd'))
        self.address = self.start_bus('bus.conf', BUS_CONFIG.format(folder=self.folder))
        self.environment['DBUS_SESSION_BUS_ADDRESS'] = self.address

    def path(self, name):
        return os.path.join(self.folder, name)

    def read(self, name):
        with open(self.path(name), encoding='utf-8') as file:
            return file.read()

    def start_bus(self, name, text):
        with open(self.path(name), 'w') as file:
            file.write(text)
        process = subprocess.Popen(
            ['dbus-daemon', '--config-file=' + self.path(name), '--nofork', '--nopidfile', '--print-address=1'],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=self.environment)
        self.processes.append(process)
        address = process.stdout.readline().strip()
        process.stdout.close()
        assert address, 'dbus-daemon did not start'
        return address

    def connect(self, address=None):
        connection = dbus.bus.BusConnection(address or self.address)
        connection.set_exit_on_disconnect(False)
        return connection

    def start(self, *words, cwd=None, **environment):
        """Its output is kept; said() gives it."""
        log = open(self.path('log-%d' % len(self.processes)), 'w+b')
        process = subprocess.Popen(words, env=dict(self.environment, **environment), stdin=subprocess.DEVNULL,
                                   stdout=log, stderr=log, cwd=cwd or self.path('home'))
        log.close()
        self.logs[process.pid] = log.name
        self.processes.append(process)
        return process

    def said(self, process):
        with open(self.logs[process.pid], 'rb') as log:
            return log.read().decode(errors='replace')

    def end(self, process):
        end(process)
        self.processes.remove(process)

    def wait_for(self, condition, what, *processes):
        """None of the processes may end meanwhile."""
        def holds():
            if condition():
                return True
            for process in processes:
                if process.poll() is not None:
                    raise AssertionError('%s ended: %s' % (process.args[0], self.said(process)))
            return False
        wait_for(holds, what)

    def wait_for_name(self, connection, name, *processes):
        self.wait_for(lambda: connection.name_has_owner(name), name, *processes)

    # ---- a screen ----

    def start_screen(self, size='900x500'):
        """An X server on a free display, with a window manager."""
        read, write = os.pipe()
        process = subprocess.Popen(
            ['Xvfb', '-displayfd', str(write), '-screen', '0', size + 'x24', '-nolisten', 'tcp', '-noreset'],
            pass_fds=[write], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=self.environment)
        os.close(write)
        self.processes.append(process)
        with os.fdopen(read) as display:
            number = display.readline().strip()
        assert number, 'Xvfb did not start'
        self.environment['DISPLAY'] = ':' + number
        self.start('openbox')

    def run(self, *words):
        """What it says."""
        return subprocess.run(words, env=self.environment, check=True, stdout=subprocess.PIPE, encoding='utf-8').stdout

    def picture(self, name=None):
        """What is on the screen; kept under a name for whoever wants to look at it."""
        os.makedirs(PICTURES, exist_ok=True)
        path = os.path.join(PICTURES, name + '.png') if name else self.path('picture.png')
        self.run(*(['grim', path] if 'WAYLAND_DISPLAY' in self.environment else ['import', '-window', 'root', path]))
        return Picture(path)

    def point(self, x, y):
        self.run('xdotool', 'mousemove', str(x), str(y))

    def click(self, x, y, button=1):
        self.run('xdotool', 'mousemove', str(x), str(y), 'click', str(button))

    def windows(self, kind):
        """[(x, y, width, height)] of a class of windows that can be seen; one may go while it is looked at."""
        def ask(*words):
            return subprocess.run(['xdotool', *words], env=self.environment, stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL, encoding='utf-8').stdout
        found = []
        for window in ask('search', '--onlyvisible', '--class', kind).split():
            geometry = dict(line.split('=') for line in ask('getwindowgeometry', '--shell', window).split())
            if geometry:
                found.append(tuple(int(geometry[key]) for key in ('X', 'Y', 'WIDTH', 'HEIGHT')))
        return found

    # ---- another screen: sway without one ----

    def start_sway(self, size='900x400'):
        """It refuses to run as root, so it is nobody's; its clients find it by a path."""
        folder = self.path('sway')
        os.mkdir(folder, 0o700)
        words = ['sway', '-c', self.path('sway.conf')]
        if os.geteuid() == 0:
            os.chmod(self.folder, 0o755)
            os.chown(folder, NOBODY, NOBODY)
            words = ['setpriv', '--reuid=%d' % NOBODY, '--regid=%d' % NOBODY, '--clear-groups', '--'] + words
        with open(self.path('sway.conf'), 'w') as file:
            file.write('output HEADLESS-1 resolution %s bg #3b5a76 solid_color\nxwayland disable\n' % size)
        process = self.start(*words, cwd=folder, HOME=folder, XDG_RUNTIME_DIR=folder, WLR_BACKENDS='headless',
                             WLR_LIBINPUT_NO_DEVICES='1', WLR_RENDERER='pixman', LIBSEAT_BACKEND='noop')

        def sockets():
            return [name for name in os.listdir(folder) if name.startswith('wayland-') and not name.endswith('.lock')]
        self.wait_for(sockets, 'the socket of sway', process)
        self.environment.update(WAYLAND_DISPLAY=os.path.join(folder, sockets()[0]), GDK_BACKEND='wayland')

    # ---- the notifier ----

    def start_notifier(self, *words, **environment):
        environment.setdefault('MAILDIAG_ICONDIR', ICONS)
        return self.start(NOTIFIER, '--settle=0', *words, **environment)

    def stop(self):
        for process in reversed(self.processes):
            end(process)
            if process.pid in self.logs:
                self.last_words[process.pid] = self.said(process)
        shutil.rmtree(self.folder)


class Picture:
    """Its colours, to find things by."""

    def __init__(self, path):
        self.path = path
        size = subprocess.run(['identify', '-format', '%w', path], check=True, stdout=subprocess.PIPE, encoding='ascii').stdout
        self.width = int(size)
        self.pixels = subprocess.run(['convert', path, '-depth', '8', 'rgb:-'], check=True, stdout=subprocess.PIPE).stdout

    def find(self, colour, rows=None):
        """(x, y) of the middle of what has this colour, in the first rows; None when that are not a few pixels."""
        wanted, places = bytes.fromhex(colour), []
        at = self.pixels.find(wanted)
        while at >= 0:
            if at % 3 == 0:
                places.append((at // 3 % self.width, at // 3 // self.width))
            at = self.pixels.find(wanted, at + 1)
        places = [place for place in places if rows is None or place[1] < rows]
        if len(places) < 4:
            return None
        return tuple(sum(place[i] for place in places) // len(places) for i in (0, 1))


class Browser:
    """What stands for xdg-open: it notes what it is given."""

    def __init__(self, desktop, status=0):
        self.note = desktop.path('opened')
        folder = desktop.path('bin')
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, 'xdg-open'), 'w') as file:
            file.write('#!/bin/sh\nprintf "%%s %%s\\n" "$1" "$XDG_ACTIVATION_TOKEN" >> "%s"\nexit %d\n' % (self.note, status))
        os.chmod(file.name, 0o755)
        desktop.environment['PATH'] = folder + ':' + os.environ['PATH']

    def opened(self):
        """(path, token) of each time."""
        try:
            with open(self.note) as file:
                return [tuple(line.rstrip('\n').split(' ', 1)) for line in file]
        except FileNotFoundError:
            return []

    def page(self):
        """What was opened last."""
        with open(self.opened()[-1][0], encoding='utf-8') as file:
            return file.read()


class DesktopTest(unittest.TestCase):
    """A session and a fake instance of its user with two accounts for each test."""

    screen = None                   # its size, if there is one

    def setUp(self):
        self.desktop = Desktop()
        self.addCleanup(self.assert_ended_well)
        self.addCleanup(self.desktop.stop)
        if self.screen:
            self.desktop.start_screen(self.screen)
        self.browser = Browser(self.desktop)
        self.bus = self.desktop.connect()
        self.addCleanup(self.bus.close)
        self.diag = self.make_diag([Account('work', 'Work mail'), Account('home', 'Home')])

    def make_diag(self, accounts, address=None, **options):
        connection = self.desktop.connect(address)
        self.addCleanup(connection.close)
        return FakeDiag(connection, accounts, **options)

    def start_notifier(self, *words, **environment):
        self.notifier = self.desktop.start_notifier(*words, **environment)
        self.desktop.wait_for_name(self.bus, NAME, self.notifier)
        if '--no-tray' not in words:
            self.desktop.wait_for_name(self.bus, self.item().name, self.notifier)
        return self.notifier

    def assert_ended_well(self):
        if hasattr(self, 'notifier'):
            self.assertEqual(self.notifier.returncode, 0, 'the notifier said: ' + self.desktop.last_words[self.notifier.pid])

    def end_notifier(self):
        self.desktop.end(self.notifier)
        self.assertEqual(self.notifier.returncode, 0, self.desktop.said(self.notifier))
        del self.notifier

    def wait(self, condition, what):
        self.desktop.wait_for(condition, what, *([self.notifier] if hasattr(self, 'notifier') else []))

    def insist(self, action, condition, what):
        """Does it until it has an effect: a program may not be ready for a click when it can be seen."""
        again = [0]

        def holds():
            if not condition() and time.monotonic() >= again[0]:
                action()
                again[0] = time.monotonic() + 5
            return condition()
        self.wait(holds, what)

    def choose(self, label):
        """Clicks an item of the menu, once it is there."""
        self.wait(lambda: label in self.item().menu(), 'the menu to say ' + label)
        self.item().choose(label)

    def item(self):
        """The icon in the tray as its host sees it."""
        return Item(self.bus, '%s-%d-1' % (ITEM, self.notifier.pid))


class Item:
    def __init__(self, bus, name):
        self.bus, self.name = bus, name

    def get(self, property):
        object = self.bus.get_object(self.name, '/StatusNotifierItem', introspect=False)
        return object.Get(ITEM, property, dbus_interface='org.freedesktop.DBus.Properties')

    def menu(self):
        """{label: id} of what can be clicked."""
        object = self.bus.get_object(self.name, str(self.get('Menu')), introspect=False)
        revision, (root, properties, children) = object.GetLayout(0, -1, dbus.Array([], signature='s'), dbus_interface=MENU)
        return {str(child[1]['label']): int(child[0]) for child in children
                if 'label' in child[1] and child[1].get('enabled', True)}

    def insist(self, action, condition, what):
        """Does it until it has an effect: a program may not be ready for a click when it can be seen."""
        again = [0]

        def holds():
            if not condition() and time.monotonic() >= again[0]:
                action()
                again[0] = time.monotonic() + 5
            return condition()
        self.wait(holds, what)

    def choose(self, label):
        object = self.bus.get_object(self.name, str(self.get('Menu')), introspect=False)
        object.Event(self.menu()[label], 'clicked', dbus.String('', variant_level=1), dbus.UInt32(0), dbus_interface=MENU)


def settle(seconds):
    """Lets a screen draw itself before its picture is taken. No test depends on it."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not GLib.MainContext.default().iteration(False):
            time.sleep(0.005)


def main():
    unittest.main(verbosity=2)
