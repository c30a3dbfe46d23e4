# SPDX-License-Identifier: LGPL-2.1-or-later
"""A server of notifications that notes every call, and tests with it."""

import json
import os

import dbus
import dbus.service
from deskkit import NOTIFICATIONS, Account, DesktopTest

ALL = ['actions', 'body', 'body-markup', 'body-hyperlinks', 'icon-static', 'persistence']


class Server(dbus.service.Object):
    """org.freedesktop.Notifications without a screen."""

    def __init__(self, connection, capabilities):
        super().__init__(connection, '/org/freedesktop/Notifications')
        self.bus, self.capabilities = connection, capabilities
        self.shown, self.log, self.last = {}, [], 0
        self.name = dbus.service.BusName(NOTIFICATIONS, connection, do_not_queue=True)

    def leave(self):
        self.remove_from_connection()
        self.name = None
        self.bus.release_name(NOTIFICATIONS)

    @dbus.service.method(NOTIFICATIONS, out_signature='as')
    def GetCapabilities(self):
        return dbus.Array(self.capabilities, signature='s')

    @dbus.service.method(NOTIFICATIONS, in_signature='susssasa{sv}i', out_signature='u')
    def Notify(self, application, replaces, icon, summary, body, actions, hints, timeout):
        id = int(replaces)
        if id not in self.shown:
            self.last += 1
            id = self.last
        self.shown[id] = {
            'id': id, 'icon': str(icon), 'summary': str(summary), 'body': str(body), 'timeout': int(timeout),
            'actions': dict(zip(map(str, actions[::2]), map(str, actions[1::2]))),
            'hints': {str(key): value for key, value in hints.items()}}
        self.log.append(('notify', id, str(summary)))
        return dbus.UInt32(id)

    @dbus.service.method(NOTIFICATIONS, in_signature='u')
    def CloseNotification(self, id):
        self.log.append(('close', int(id)))
        if self.shown.pop(int(id), None):
            self.NotificationClosed(id, dbus.UInt32(3))

    @dbus.service.signal(NOTIFICATIONS, signature='uu')
    def NotificationClosed(self, id, reason):
        pass

    @dbus.service.signal(NOTIFICATIONS, signature='us')
    def ActionInvoked(self, id, action):
        pass

    @dbus.service.signal(NOTIFICATIONS, signature='us')
    def ActivationToken(self, id, token):
        pass

    def dismiss(self, id):
        del self.shown[id]
        self.NotificationClosed(dbus.UInt32(id), dbus.UInt32(2))

    def click(self, id, action):
        self.ActionInvoked(dbus.UInt32(id), action)

    def summaries(self):
        return sorted(shown['summary'] for shown in self.shown.values())


class NotificationTest(DesktopTest):
    capabilities = ALL

    def setUp(self):
        super().setUp()
        self.server = self.make_server()

    def make_server(self, capabilities=None):
        connection = self.desktop.connect()
        self.addCleanup(connection.close)
        return Server(connection, self.capabilities if capabilities is None else capabilities)

    def assert_shown(self, *summaries):
        wanted = sorted(summaries)
        try:
            self.wait(lambda: self.server.summaries() == wanted, 'notifications')
        except AssertionError as error:
            self.fail('%s are shown, not %s: %s' % (self.server.summaries(), wanted, error))

    @property
    def memory(self):
        return self.desktop.path('state/maildiag/notifier.json')

    def wait_until_told(self):
        def told():
            if not os.path.exists(self.memory):
                return False
            with open(self.memory) as file:
                return json.load(file)['told']
        self.wait(told, 'the memory')

    def only(self):
        self.assertEqual(len(self.server.shown), 1, self.server.shown)
        return next(iter(self.server.shown.values()))

    def sync(self):
        """All that the notifier was sent has been worked off: an account that appears afterwards is in the tray."""
        account = Account('sync', 'sync')
        self.diag.add(account)
        self.wait(lambda: 'sync: works' in self.item().menu(), 'the account to appear')
        self.diag.remove('sync')
        self.wait(lambda: 'sync: works' not in self.item().menu(), 'the account to go')
