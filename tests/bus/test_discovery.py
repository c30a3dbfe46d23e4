# SPDX-License-Identifier: LGPL-2.1-or-later
"""Plugins that find settings: two workers that look like one, one of which comes and goes."""

import json
import os
import shutil
import tempfile

import buskit
from buskit import PATH, PLUGIN


def make_folder():
    """A plugin directory: the dialogues that maildiag brings, and the finders of the tests."""
    folder = tempfile.mkdtemp(prefix='maildiag-plugins-')
    os.chmod(folder, 0o755)
    os.mkdir(os.path.join(folder, 'discovery'), 0o755)
    for source, target in ((buskit.PLUGINS, ''), (buskit.FINDERS, ''), (buskit.FINDERS + '/discovery', 'discovery')):
        for name in os.listdir(source):
            if name.endswith('.so') and not name.startswith('lib'):
                shutil.copy(os.path.join(source, name), os.path.join(folder, target, name))
    return folder


class Discovery(buskit.BusTest):

    @classmethod
    def setUpClass(cls):
        cls.folder = make_folder()
        cls.bus = buskit.Bus()
        cls.daemon = buskit.Daemon(cls.bus, fake=False, plugins=cls.folder, options=['--time-scale=50'])
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


if __name__ == '__main__':
    buskit.main()
