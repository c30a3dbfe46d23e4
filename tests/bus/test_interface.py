# SPDX-License-Identifier: LGPL-2.1-or-later
"""The contract: what the running daemon shows of itself is what the interface file says."""

import json
import subprocess
import unittest
import xml.etree.ElementTree as ElementTree

import dbus

import buskit
from buskit import ACCOUNT, MANAGER, JOB, NAME, PATH, PLUGIN

# For code generators of Qt; sd-bus cannot show it.
NOT_SHOWN = 'org.qtproject.QtDBus.QtTypeName.'


def annotations(element):
    return sorted((note.get('name'), note.get('value')) for note in element.findall('annotation')
                  if not note.get('name').startswith(NOT_SHOWN))


def member(element):
    """One method, signal or property, as comparable data."""
    arguments = [(arg.get('name'), arg.get('type'), arg.get('direction', 'out')) for arg in element.findall('arg')]
    return (element.tag, element.get('name'), element.get('type'), element.get('access'), arguments,
            annotations(element))


def interfaces(text):
    root = ElementTree.fromstring(text)
    return {interface.get('name'): sorted(member(element) for element in interface
                                          if element.tag in ('method', 'signal', 'property'))
            for interface in root.iter('interface')}


class Interface(buskit.BusTest):

    accounts = {'work': '[account]\nname = Work\n[fake]\nhost = ok.test\n'}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with open(buskit.XML) as file:
            cls.contract = interfaces(file.read())
        cls.objects = {ACCOUNT: PATH + '/account/work', MANAGER: PATH, PLUGIN: PATH + '/plugin/fake'}

    def run_tool(self, *command):
        result = subprocess.run(command, env=self.bus.environment(), capture_output=True, text=True,
                                timeout=buskit.GUARD)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def introspect(self, path):
        object = self.connection.get_object(NAME, path, introspect=False)
        return interfaces(object.Introspect(dbus_interface='org.freedesktop.DBus.Introspectable'))

    def test_contract_has_four_interfaces(self):
        self.assertEqual(sorted(self.contract), [ACCOUNT, JOB, MANAGER, PLUGIN])

    def test_live_objects_are_the_contract(self):
        job = self.start(['ok.test'])
        for interface, path in dict(self.objects, **{JOB: job}).items():
            with self.subTest(interface):
                self.assertEqual(self.introspect(path)[interface], self.contract[interface])

    def test_gdbus_sees_the_contract(self):
        for interface, path in self.objects.items():
            with self.subTest(interface):
                text = self.run_tool('gdbus', 'introspect', '--session', '--xml', '-d', NAME, '-o', path)
                self.assertEqual(interfaces(text)[interface], self.contract[interface])

    def test_busctl_sees_the_contract(self):
        for interface, path in self.objects.items():
            with self.subTest(interface):
                text = self.run_tool('busctl', '--user', '--xml-interface', 'introspect', NAME, path)
                self.assertEqual(interfaces(text)[interface], self.contract[interface])

    def test_tree(self):
        tree = self.run_tool('busctl', '--user', '--list', 'tree', NAME).split()
        self.assertIn(PATH + '/plugin/fake', tree)
        self.assertIn(PATH + '/plugin/old_2eso', tree)

    def test_every_member_is_documented(self):
        with open(buskit.XML) as file:
            text = file.read()
        for interface, members in self.contract.items():
            for tag, name, *rest in members:
                with self.subTest(interface + '.' + name):
                    self.assertRegex(text, r'\n\s+%s:\n(\s+@\w+: .*\n(\s{10,}.*\n)*)*\n\s+\S' % name)

    def test_properties(self):
        self.assertEqual(self.property(PATH, MANAGER, 'Instance'), 'user')
        self.assertRegex(self.property(PATH, MANAGER, 'Version'), r'^\d+\.\d+')
        self.assertFalse(self.property(PATH, MANAGER, 'Checking'))
        features = list(self.property(PATH, MANAGER, 'Features'))
        self.assertEqual(features, sorted(features))
        for key in ('password-fd', 'timeout-ms', 'job', 'report-1'):
            self.assertIn(key, features)
        self.assertNotIn('password', features)

    def test_features_are_the_documented_keys(self):
        with open(buskit.XML) as file:
            text = file.read()
        for key in self.property(PATH, MANAGER, 'Features'):
            if key not in ('accounts', 'job', 'known-accounts', 'report-1', 'reports-1'):
                self.assertRegex(text, r'\b%s\b' % key)

    def test_plugins(self):
        plugins = {str(name): (str(version), [str(p) for p in protocols], str(state))
                   for name, version, protocols, state in self.manager().ListPlugins()}
        self.assertEqual(plugins, {'fake': ('1', ['fake'], 'loaded'), 'old.so': ('', [], 'failed')})
        self.assertEqual(list(self.property(PATH + '/plugin/fake', PLUGIN, 'Checks')), ['fake.broken'])
        self.assertEqual(self.property(PATH + '/plugin/fake', PLUGIN, 'AbiVersion'), 1)
        self.assertEqual(self.property(PATH + '/plugin/old_2eso', PLUGIN, 'Name'), 'old.so')
        self.assertEqual(self.property(PATH + '/plugin/old_2eso', PLUGIN, 'Error'), 'built for ABI 0')

    def test_unknown_objects(self):
        self.assert_refused(NAME + '.Error.NoSuchPlugin', 'no such file',
                            lambda: self.property(PATH + '/plugin/x', PLUGIN, 'Name'))
        for path in ('/job/4711', '/job/0', '/job/007', '/job/x', '/job/99999999999999999999'):
            self.assert_refused(NAME + '.Error.NoSuchJob', 'no such job', lambda: self.job(PATH + path).Cancel())

    def test_managed_objects(self):
        job = self.start(['ok.test'])
        objects = self.connection.get_object(NAME, PATH, introspect=False).GetManagedObjects(
            dbus_interface='org.freedesktop.DBus.ObjectManager')
        self.assertEqual(objects[PATH + '/plugin/fake'][PLUGIN]['State'], 'loaded')
        self.assertIn(JOB, objects[job])

    # ---- the catalogue ----

    def test_findings(self):
        codes = list(self.manager().ListFindings())
        self.assertEqual(codes, sorted(set(codes)))
        for code in ('fake.broken', 'cert.expired', 'internal.worker-lost'):
            self.assertIn(code, codes)

    def test_every_finding_is_explained(self):
        for code in self.manager().ListFindings():
            text = self.manager().Explain(code, '')
            with self.subTest(code):
                self.assertEqual(text['code'], code)
                for key in ('title', 'meaning', 'remedy', 'severity', 'actor', 'stage'):
                    self.assertTrue(text[key])

    def test_explain(self):
        text = self.manager().Explain('fake.broken', 'xx_YY.UTF-8')
        self.assertEqual(text['title'], '{host} is broken in {way}')
        self.assertEqual(text['owner'], 'fake')
        self.assertNotIn('owner', self.manager().Explain('cert.expired', ''))

    def test_explain_refuses(self):
        for code in ('', 'cert', 'cert.expired ', 'CERT.EXPIRED', 'x' * 100000):
            self.assert_refused(NAME + '.Error.NoSuchCode', 'ListFindings', lambda: self.manager().Explain(code, ''))
        for locale in ('../../etc/passwd', 'de/DE', 'x' * 100000, 'de DE'):
            self.assert_refused(buskit.INVALID, 'locale', lambda: self.manager().Explain('cert.expired', locale))

    def explain_text(self, text, locale=''):
        return [str(entry['code']) for entry in self.manager().ExplainText(text, locale)]

    def test_explain_text(self):
        first, *rest = self.manager().ExplainText('535 5.7.8 Error: authentication failed', '')
        self.assertEqual(first['code'], 'auth.rejected')
        self.assertEqual(first['protocol'], 'smtp')
        self.assertEqual(first['command'], 'maildiag check ADDRESS --smtp HOST --ask-password')
        for key in ('title', 'meaning', 'remedy', 'severity', 'actor', 'stage', 'apart'):
            self.assertTrue(first[key])
        self.assertIn('auth.app-password-needed', [entry['code'] for entry in rest])
        self.assertEqual(self.explain_text('0x800CCC0E')[0], 'tcp.refused')
        self.assertEqual(self.explain_text('Lỗi xác thực')[0], 'auth.rejected')
        self.assertEqual(self.explain_text('all is well'), [])
        self.assertEqual(self.explain_text(''), [])

    def test_explain_text_by_rules_of_a_plugin(self):
        entry, = self.manager().ExplainText('this WibbleWobble of yours', '')
        self.assertEqual((entry['code'], entry['owner'], entry['provider']), ('fake.broken', 'fake', 'Fake'))

    def test_explain_text_refuses(self):
        self.assert_refused(buskit.INVALID, '4096', lambda: self.manager().ExplainText('x' * 4097, ''))
        self.assert_refused(buskit.INVALID, 'locale', lambda: self.manager().ExplainText('x', '../x'))

    # ---- the document ----

    def test_describe(self):
        document = self.describe()
        self.assertEqual(sorted(document), ['accounts', 'accounts-broken', 'accounts-total', 'faults', 'features',
                                            'instance', 'jobs', 'last-check-usec', 'network', 'next-check-usec',
                                            'plugins', 'sources', 'status',
                                            'version'])
        fake, old = document['plugins']
        self.assertEqual(fake['ports'], [{'port': 99, 'security': 'tls', 'service': 'fakes'},
                                         {'port': 98, 'security': 'starttls', 'service': 'fake'}])
        self.assertEqual(fake['findings'], ['fake.broken'])
        self.assertEqual((old['state'], old['error']), ('failed', 'built for ABI 0'))
        self.assertEqual(document['features'], [str(key) for key in self.property(PATH, MANAGER, 'Features')])

    # ---- the same by other tools ----

    def test_busctl_call(self):
        text = self.run_tool('busctl', '--user', '--json=short', 'call', NAME, PATH, MANAGER, 'CheckServer',
                             'ssqsa{sv}', 'fake', 'broken.test', '0', 'tls', '1', 'timeout-ms', 'u', '5000')
        verdict, findings = json.loads(text)['data']
        self.assertEqual((verdict, findings[0]['code']['data']), ('error', 'fake.broken'))

    def test_gdbus_call(self):
        text = self.run_tool('gdbus', 'call', '--session', '-d', NAME, '-o', PATH, '-m', MANAGER + '.CheckServer',
                             'fake', 'ok.test', '0', 'tls', "{'timeout-ms': <uint32 5000>}")
        self.assertIn("('ok'", text)

    def test_busctl_cannot_start_for_nobody(self):
        """A caller that leaves at once takes its job with it."""
        text = self.run_tool('busctl', '--user', 'call', NAME, PATH, MANAGER, 'StartCheckSettings', 'saa{sv}a{sv}',
                             '', '1', '2', 'protocol', 's', 'fake', 'host', 's', 'hang.test', '0')
        self.assertEqual(self.wait_until_ended(text.split('"')[1]), 'cancelled')


class Policy(unittest.TestCase):
    """The policy of the system bus lets through what the interface has, and nothing else."""

    def test_policy_names_every_interface(self):
        root = ElementTree.parse(buskit.XML.replace('.xml', '.conf')).getroot()
        default = root.find("policy[@context='default']")
        rules = list(default)
        self.assertEqual((rules[0].tag, rules[0].attrib), ('deny', {'send_destination': NAME}))
        allowed = {(rule.get('send_interface'), rule.get('send_member')) for rule in rules[1:]}
        with open(buskit.XML) as file:
            ours = {(name, None) for name in interfaces(file.read())}
        properties = 'org.freedesktop.DBus.Properties'
        self.assertEqual(allowed, ours | {('org.freedesktop.DBus.Introspectable', None),
                                          ('org.freedesktop.DBus.Peer', None),
                                          ('org.freedesktop.DBus.ObjectManager', None),
                                          (properties, 'Get'), (properties, 'GetAll')})
        self.assertTrue(all(rule.get('send_destination') == NAME for rule in rules))
        owners = [policy.attrib for policy in root.iter('policy') if policy.find('allow[@own]') is not None]
        self.assertEqual(owners, [{'user': 'maildiag'}])


if __name__ == '__main__':
    buskit.main()
