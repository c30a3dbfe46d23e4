/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the manager of a user does with the mail clients of the user: has them read, and tells the bus. */

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bus.h"
#include "manager.h"
#include "own.h"

static char *home_directory(void) {
        const char *home = secure_getenv("HOME");

        if (home && home[0] == '/')
                return strdup(home);
        const struct passwd *user = getpwuid(geteuid());
        return user && user->pw_dir && user->pw_dir[0] == '/' ? strdup(user->pw_dir) : NULL;
}

static void on_taken(void *userdata) {
        Manager *manager = userdata;
        if (manager->bus)
                bus_tell_summary(manager->bus);
}

int manager_set_up_sources(Manager *manager, uint32_t time_scale, void (*settled)(void *userdata)) {
        const SourcesHooks hooks = { on_taken, manager_log_fault, settled, manager };
        _cleanup_free_ char *home = NULL;

        if (manager->instance != INSTANCE_USER || !(home = home_directory()))
                return 0;
        int r = sources_new(manager->event, manager->crew, manager->accounts, home, time_scale, &hooks, &manager->sources);
        return r < 0 ? r : sources_set_chosen(manager->sources, manager->conf.mail_clients);
}
