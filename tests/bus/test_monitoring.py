# SPDX-License-Identifier: LGPL-2.1-or-later
"""What monitoring reads: metrics, the plugin of Nagios and Icinga, the fact of Ansible; each by the program that reads it."""

import json
import os
import pathlib
import socket
import stat
import subprocess
import tempfile
import textwrap
import urllib.error
import urllib.request

import buskit
from buskit import CLIENT, GUARD, SOURCE

WORK = '[account]\nname = Work mail\naddress = anna@example.org\n[fake]\nhost = ok.test\nsecurity = tls\n'
HOME = '[account]\naddress = home@example.net\n[fake]\nhost = broken.test\n'


def free_port():
    with socket.socket() as listener:
        listener.bind(('127.0.0.1', 0))
        return listener.getsockname()[1]


class Monitoring(buskit.BusTest):

    accounts = {'work': WORK, 'home': HOME}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The bus of the test stands in for the system's.
        cls.environment = cls.bus.environment(LC_ALL='C.UTF-8', DBUS_SYSTEM_BUS_ADDRESS=cls.bus.address)
        done = subprocess.run([CLIENT, '--session', 'check'], env=cls.environment, capture_output=True, timeout=GUARD)
        assert done.returncode == 1, done
        cls.folder = pathlib.Path(tempfile.mkdtemp(dir=cls.daemon.folder))

    def call(self, *words):
        return subprocess.run([CLIENT, *words], env=self.environment, capture_output=True, text=True, timeout=GUARD,
                              stdin=subprocess.DEVNULL)

    def installed(self, name):
        """A script as it is installed, with the client of this build."""
        text = pathlib.Path(SOURCE, 'client/monitoring', name + '.in').read_text()
        (self.folder / 'maildiag').unlink(missing_ok=True)
        (self.folder / 'maildiag').symlink_to(CLIENT)
        path = self.folder / name
        path.write_text(text.replace('@bindir@', str(self.folder)))
        path.chmod(0o755)
        return path

    # ---- Prometheus ----

    def test_metrics(self):
        done = self.call('metrics', '--session')
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        for line in ('maildiag_account_status{account="home",status="error"} 1',
                     'maildiag_account_status{account="home",status="ok"} 0',
                     'maildiag_account_status{account="work",status="ok"} 1',
                     'maildiag_account_cause{account="home",cause="fake.broken"} 1',
                     'maildiag_accounts 2', '# EOF'):
            self.assertIn(line, done.stdout.splitlines())
        for private in ('example', 'anna', '.test'):
            self.assertNotIn(private, done.stdout)
        checked = subprocess.run(['promtool', 'check', 'metrics'], input=done.stdout, capture_output=True, text=True,
                                 timeout=GUARD)
        self.assertEqual((checked.returncode, checked.stdout, checked.stderr), (0, '', ''))

    def test_file(self):
        path = self.folder / 'maildiag.prom'
        self.assertEqual(self.call('metrics', '--session', '--output', str(path)).returncode, 0)
        self.assertEqual(path.read_text(), self.call('metrics', '--session').stdout)
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o644)
        self.assertEqual([name for name in os.listdir(self.folder) if 'prom' in name], ['maildiag.prom'])

        done = self.call('metrics', '--session', '--output', str(self.folder / 'missing' / 'x.prom'))
        self.assertEqual((done.returncode, done.stdout), (2, ''))
        self.assertIn('missing/x.prom cannot be written: No such file', done.stderr)

    def test_node_exporter(self):
        folder, port = self.folder / 'textfiles', free_port()
        folder.mkdir()
        self.assertEqual(self.call('metrics', '--session', '--output', str(folder / 'maildiag.prom')).returncode, 0)
        exporter = subprocess.Popen(['prometheus-node-exporter', '--collector.disable-defaults', '--collector.textfile',
                                     f'--collector.textfile.directory={folder}', f'--web.listen-address=127.0.0.1:{port}'],
                                    stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        self.addCleanup(buskit.end, exporter)
        answers = []

        def scraped():
            self.assertIsNone(exporter.poll())
            try:
                with urllib.request.urlopen(f'http://127.0.0.1:{port}/metrics', timeout=GUARD) as answer:
                    answers.append(answer.read().decode())
            except urllib.error.URLError:
                return False
            return True
        buskit.wait_for(scraped, 'the node exporter')
        self.assertIn('maildiag_account_cause{account="home",cause="fake.broken"} 1', answers[0].splitlines())
        self.assertIn('node_textfile_scrape_error 0', answers[0].splitlines())

    # ---- Nagios and Icinga ----

    def test_nagios(self):
        done = self.call('status', '--session', '--nagios')
        lines = done.stdout.splitlines()
        self.assertEqual((done.returncode, done.stderr), (2, ''))
        self.assertEqual(lines[0], 'MAILDIAG CRITICAL - 1 of 2 accounts are broken: home (fake.broken) | '
                                   'broken=1;;0;0;2 warning=0;0;;0;2 unknown=0;;;0;2')
        self.assertEqual(lines[1:], ['CRITICAL home (fake.broken)'])

    def test_nagios_with_nobody_there(self):
        bus = buskit.Bus()
        try:
            done = subprocess.run([CLIENT, 'status', '--session', '--nagios'], env=bus.environment(LC_ALL='C.UTF-8'),
                                  capture_output=True, text=True, timeout=GUARD)
        finally:
            bus.stop()
        self.assertEqual((done.returncode, done.stdout), (3, 'MAILDIAG UNKNOWN - no daemon answers\n'))

    def test_one_form_at_a_time(self):
        done = self.call('status', '--session', '--nagios', '--json')
        self.assertEqual((done.returncode, done.stdout), (64, ''))
        self.assertIn('exclude each other', done.stderr)

    def test_icinga(self):
        folder = self.folder / 'icinga'
        folder.mkdir()
        (folder / 'icinga2.conf').write_text(textwrap.dedent(f"""\
            object CheckerComponent "checker" {{ }}
            object PerfdataWriter "perfdata" {{
                host_perfdata_path = "{folder}/host"
                service_perfdata_path = "{folder}/service"
                host_temp_path = "{folder}/host.tmp"
                service_temp_path = "{folder}/service.tmp"
                service_format_template = "$service.state$|$service.output$|$service.perfdata$"
                rotation_interval = 1s
            }}
            object CheckCommand "maildiag" {{ command = [ "{self.installed('check_maildiag')}" ] }}
            object Host "here" {{ check_command = "maildiag" }}
            object Service "mail" {{
                host_name = "here"
                check_command = "maildiag"
                check_interval = 1s
            }}
            """))
        with open(folder / 'log', 'w') as log:
            icinga = subprocess.Popen(['icinga2', 'daemon', '-c', str(folder / 'icinga2.conf'), '-DRunAsUser=root',
                                       '-DRunAsGroup=root', *(f'-D{name}={folder}' for name in
                                                              ('ConfigDir', 'DataDir', 'LogDir', 'CacheDir', 'SpoolDir', 'InitRunDir'))],
                                      env=self.environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        self.addCleanup(buskit.end, icinga)

        def results():
            self.assertIsNone(icinga.poll(), (folder / 'log').read_text())
            return sorted(path for path in folder.glob('service*') if path.stat().st_size > 0)
        buskit.wait_for(results, 'a result of icinga2')
        state, output, performance = results()[0].read_text().strip().split('|')
        self.assertEqual((state, output), ('CRITICAL', 'MAILDIAG CRITICAL - 1 of 2 accounts are broken: home (fake.broken) \n'
                                           'CRITICAL home (fake.broken)'))
        self.assertEqual(performance, 'broken=1;;0;0;2 warning=0;0;;0;2 unknown=0;;;0;2')

    # ---- Ansible ----

    def test_ansible(self):
        facts = self.folder / 'facts.d'
        facts.mkdir()
        self.installed('maildiag.fact').rename(facts / 'maildiag.fact')
        done = subprocess.run(['ansible', 'localhost', '-c', 'local', '-m', 'setup', '--tree', str(self.folder / 'answers'), '-a',
                               f'fact_path={facts} gather_subset=!all,!min,local filter=ansible_local'],
                              env={**self.environment, 'HOME': str(self.folder)},
                              capture_output=True, text=True, timeout=GUARD, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 0, done)
        result = json.loads((self.folder / 'answers' / 'localhost').read_text())
        fact = result['ansible_facts']['ansible_local']['maildiag']
        self.assertEqual((fact['status'], fact['accounts-broken'], fact['accounts'][0]['id']), ('error', 1, 'home'))


if __name__ == '__main__':
    buskit.main()
