/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Each part narrows or fills the process that the next one finds.  The daemon can go on while the
 * certificates are read: they are wanted by the first probe, not by what it asks before. */

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "announce.h"
#include "complain.h"
#include "heap.h"
#include "links.h"
#include "plugins.h"
#include "sandbox.h"
#include "tls.h"
#include "worker.h"
#include "zygote.h"

typedef struct Worker {
        Sandbox *sandbox;
        Plugins *plugins;
        MdTrust *trust;
        Links links;
} Worker;

/* That the daemon has gone meanwhile is no failure. */
static int failed(int r, const char *what) {
        if (r < 0 && r != -EPIPE)
                complain("%s: %s", what, strerror(-r));
        return r;
}

static int plugins_prepare(Worker *worker, const WorkerOptions *options) {
        int r = plugins_load(options->plugin_directory, options->discovery, &worker->plugins);
        for (size_t i = 0; r == 0 && i < worker->plugins->n; i++)
                if (!worker->plugins->items[i].loaded)
                        complain("plugin %s %s", worker->plugins->items[i].file,
                                 worker->plugins->items[i].why);
        /* Keeps no file system busy; the name of the directory was resolved. */
        return r == 0 && chdir("/") < 0 ? -errno : r;
}

static int serve(Worker *worker, WorkerOptions *options) {
        const ZygoteOptions zygote = {
                .socket = options->socket,
                .plugins = worker->plugins,
                .sandbox = worker->sandbox,
                .trust = worker->trust,
                .time_scale = options->time_scale,
                .watchdog = &options->watchdog,
                .links = options->discovery ? NULL : &worker->links,
        };
        return zygote_run(&zygote);
}

static int prepare_and_serve(Worker *worker, WorkerOptions *options) {
        int r = failed(watchdog_open(&options->watchdog), "the service manager cannot be spoken to");
        /* Without the network's news the daemon goes on without them. */
        int opened = options->discovery ? 0 : links_open(&worker->links);
        if (opened < 0)
                complain("changes of the network are not told: %s", strerror(-opened));
        if (r >= 0)
                r = failed(sandbox_new(options->discovery, &worker->sandbox), "the sandbox cannot be prepared");
        if (r >= 0)
                r = failed(sandbox_enter_worker(worker->sandbox), "the sandbox cannot be entered");
        if (r >= 0)
                r = failed(plugins_prepare(worker, options), "plugins cannot be loaded");
        if (r >= 0)
                r = failed(announce(options->socket, worker->plugins, sandbox_landlock_abi(worker->sandbox)),
                           "the daemon cannot be spoken to");
        if (r >= 0)
                r = failed(md_trust_new(&worker->trust), "the certificates of the system cannot be read");
        heap_close();
        if (r >= 0)
                r = failed(serve(worker, options), "the daemon cannot be served");
        return r;
}

int worker_run(WorkerOptions *options) {
        Worker worker = { .links = { .events = -1, .questions = -1 } };

        heap_prepare();
        int r = prepare_and_serve(&worker, options);
        md_trust_free(worker.trust);
        plugins_free(worker.plugins);
        sandbox_free(worker.sandbox);
        links_close(&worker.links);
        return r < 0 && r != -EPIPE ? r : 0;
}
