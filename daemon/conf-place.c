/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Where the configuration is. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf.h"
#include "config.h"

static char *join(const char *directory, const char *name) {
        char *path;
        return asprintf(&path, "%s/%s", directory, name) < 0 ? NULL : path;
}

/* XDG Base Directory Specification: what is not absolute does not count. */
static char *user_place(void) {
        const char *config = secure_getenv("XDG_CONFIG_HOME"), *home = secure_getenv("HOME");

        if (config && config[0] == '/')
                return join(config, "maildiag");
        return home && home[0] == '/' ? join(home, ".config/maildiag") : NULL;
}

char *conf_place(Instance instance, const char *asked) {
        if (asked)
                return strdup(asked);
        if (instance == INSTANCE_SYSTEM || (instance == INSTANCE_PRIVATE && geteuid() == 0))
                return strdup(MAILDIAG_CONFDIR);
        return user_place();
}
