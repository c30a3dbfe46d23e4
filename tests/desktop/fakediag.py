# SPDX-License-Identifier: LGPL-2.1-or-later
"""A maildiagd whose accounts are as a test says, for what the real one cannot be brought to: it speaks the accounts, jobs and
mutes of org.maildiag.Diag1 on a bus of the tests."""

import json
import time

import dbus
import dbus.service

NAME = 'org.maildiag.Diag1'
PATH = '/org/maildiag/Diag1'
MANAGER = NAME + '.Manager'
ACCOUNT = NAME + '.Account'
JOB = NAME + '.Job'
PROPERTIES = 'org.freedesktop.DBus.Properties'
OBJECTS = 'org.freedesktop.DBus.ObjectManager'

FINDING = {
    'severity': 'error', 'stage': 'auth', 'actor': 'user', 'service': 'imap', 'host': 'imap.example.org', 'port': 993,
    'params': {}, 'confidence': 'certain', 'meaning': 'This is why.',
}

FINDINGS = {
    'security': dict(
        FINDING, code='port.expects-starttls', stage='greeting', service='smtp', host='smtp.example.org', port=587,
        setting='security', value='tls', suggested='starttls', verified=True, proof='login',
        changes=[{'setting': 'security', 'from': 'tls', 'to': 'starttls'}],
        message='Port 587 of smtp.example.org begins in clear text and not with TLS',
        hint='Set the connection security to STARTTLS, or keep SSL/TLS and use the port that belongs to it.',
        evidence='220 smtp.example.org ESMTP <b>& more</b>'),
    'password': dict(
        FINDING, code='auth.refused', setting='password',
        message='imap.example.org refuses the user name or the password',
        hint='Enter the password again; if it was pasted, type it by hand.'),
    'certificate': dict(
        FINDING, code='cert.expired', stage='tls', actor='provider',
        message='The certificate of imap.example.org expired on 2026-01-02',
        hint='Wait for the provider to renew it, or tell them; do not switch the check off.'),
    'hostile': dict(
        FINDING, code='greeting.unwelcome', stage='greeting', actor='provider',
        message='imap.example.org says <a href="http://evil.example/">click & win</a><img src="http://evil.example/x.png">',
        hint='Ask <b>the provider</b> & wait.'),
    'full': dict(
        FINDING, code='mailbox.nearly-full', stage='mailbox', severity='warning',
        message='The mailbox at imap.example.org is nearly full', hint='Delete or move messages, and empty the trash.'),
}


class Account:
    def __init__(self, id, name):
        self.id, self.name = id, name
        self.status, self.findings, self.muted = 'ok', [], 0
        self.document = None            # said instead of its own

    @property
    def path(self):
        return PATH + '/account/' + ''.join(c if c.isalnum() else '_%02x' % ord(c) for c in self.id)

    def public(self):
        return dbus.Dictionary({
            'Id': self.id, 'Source': 'thunderbird', 'Status': self.status,
            'StatusSinceUSec': dbus.UInt64(1), 'LastCheckUSec': dbus.UInt64(time.time() * 1e6),
            'MutedUntilUSec': dbus.UInt64(self.muted)}, signature='sv')

    def describe(self):
        return json.dumps({
            'id': self.id, 'source': 'thunderbird', 'status': self.status, 'status-since-usec': 1,
            'last-check-usec': int(time.time() * 1e6), 'muted-until-usec': self.muted, 'name': self.name,
            'address': self.id + '@example.org', 'services': [
                {'protocol': 'imap', 'host': 'imap.example.org', 'port': 993, 'security': 'tls', 'username': self.id}],
            'findings': self.findings})


class FakeDiag(dbus.service.FallbackObject):
    """On a connection of its own. `outcomes` are what a check that somebody asks for finds, by account."""

    def __init__(self, connection, accounts, network='online', instance='user'):
        super().__init__(connection, PATH)
        self.bus = connection
        self.accounts = {account.id: account for account in accounts}
        self.network, self.instance = network, instance
        self.outcomes, self.calls, self.denied = {}, [], False
        self.jobs = {}
        self.name = dbus.service.BusName(NAME, connection, do_not_queue=True)

    def leave(self):
        """Gone from the bus, with all that it knew."""
        self.name = None
        self.bus.release_name(NAME)

    def come_back(self):
        self.name = dbus.service.BusName(NAME, self.bus, do_not_queue=True)

    # ---- what a test does with it ----

    def set(self, id, status, *findings):
        account = self.accounts[id]
        old, account.status = account.status, status
        account.findings = [dict(FINDINGS[name]) if isinstance(name, str) else name for name in findings]
        self.changed(account)
        if old != status:
            self.AccountStatusChanged(account.path, old, status)

    def changed(self, account):
        self.emit(account.path, PROPERTIES, 'PropertiesChanged', 'sa{sv}as', ACCOUNT,
                  {'Status': account.status, 'MutedUntilUSec': dbus.UInt64(account.muted)}, ['Findings', 'Summary'])

    def set_network(self, word):
        self.network = word
        self.emit(PATH, PROPERTIES, 'PropertiesChanged', 'sa{sv}as', MANAGER, {'Network': word}, [])

    def add(self, account):
        self.accounts[account.id] = account
        self.emit(PATH, OBJECTS, 'InterfacesAdded', 'oa{sa{sv}}', account.path, {ACCOUNT: account.public()})

    def remove(self, id):
        account = self.accounts.pop(id)
        self.emit(PATH, OBJECTS, 'InterfacesRemoved', 'oas', account.path, [ACCOUNT])

    def emit(self, path, interface, member, signature, *arguments, destination=None):
        message = dbus.lowlevel.SignalMessage(path, interface, member)
        message.append(*arguments, signature=signature)
        if destination:
            message.set_destination(destination)
        self.bus.send_message(message)

    def find(self, path):
        for account in self.accounts.values():
            if account.path == path:
                return account
        raise dbus.DBusException('no such account', name=NAME + '.Error.NoSuchAccount')

    # ---- the interface ----

    @dbus.service.method(OBJECTS, out_signature='a{oa{sa{sv}}}')
    def GetManagedObjects(self):
        return dbus.Dictionary({account.path: {ACCOUNT: account.public()} for account in self.accounts.values()},
                               signature='oa{sa{sv}}')

    @dbus.service.method(PROPERTIES, in_signature='s', out_signature='a{sv}')
    def GetAll(self, interface):
        return dbus.Dictionary({'Network': self.network, 'Instance': self.instance, 'Checking': False}, signature='sv')

    @dbus.service.method(ACCOUNT, out_signature='s', path_keyword='path', rel_path_keyword='rel')
    def Describe(self, path=None, rel=None):
        if self.denied:
            raise dbus.DBusException('not for you', name='org.freedesktop.DBus.Error.AccessDenied')
        account = self.find(path)
        return account.describe() if account.document is None else account.document

    @dbus.service.method(MANAGER, in_signature='st')
    def Mute(self, id, until):
        self.calls.append(('Mute', str(id), int(until)))
        if self.instance != 'user':
            raise dbus.DBusException('only for a user', name='org.freedesktop.DBus.Error.NotSupported')
        account = self.accounts[str(id)]
        account.muted = int(until)
        self.changed(account)

    @dbus.service.method(MANAGER, in_signature='asa{sv}', out_signature='o', sender_keyword='sender')
    def StartCheck(self, ids, options, sender=None):
        self.calls.append(('StartCheck', [str(id) for id in ids]))
        path = '%s/job/%d' % (PATH, len(self.calls))
        self.jobs[path] = (sender, [str(id) for id in ids])
        return path

    def finish_checks(self):
        """Ends the jobs that run: each account gets what its outcome says."""
        for path, (sender, ids) in self.jobs.items():
            for id in ids:
                if id in self.outcomes:
                    self.set(id, *self.outcomes[id])
            self.emit(path, JOB, 'Finished', 'ss', 'done', 'ok', destination=sender)
        self.jobs = {}

    @dbus.service.signal(MANAGER, signature='oss')
    def AccountStatusChanged(self, account, old, new):
        pass
