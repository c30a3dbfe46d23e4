/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * ImportAccounts: has sources read now, and says which accounts are in them.
 *
 * What the daemon reads itself is there at once; what plugins read comes from a probe, and the call is answered when it has
 * ended.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bouncer.h"
#include "bus-private.h"
#include "form.h"
#include "own.h"

typedef struct Wish {
        const char *program;            /* NULL: all */
        const char *place;
        int dry_run;
} Wish;

/* ---- arguments ---- */

static int read_option(sd_bus_message *call, const char *key, Wish *wish, sd_bus_error *error) {
        int r;

        if (!strcmp(key, "path"))
                r = sd_bus_message_read(call, "v", "s", &wish->place);
        else if (!strcmp(key, "dry-run"))
                r = sd_bus_message_read(call, "v", "b", &wish->dry_run);
        else {
                _cleanup_free_ char *text = NULL;
                if (asprintf(&text, "option '%s' is not known", key) < 0)
                        text = NULL;
                return bus_error_from(error, -EINVAL, text);
        }
        return r < 0 ? bus_error_from(error, -EINVAL, "option 'path' is a text, 'dry-run' a truth") : 0;
}

static int read_wish(sd_bus_message *call, Wish *wish, sd_bus_error *error) {
        const char *key;

        int r = sd_bus_message_read(call, "s", &wish->program);
        if (r >= 0)
                r = sd_bus_message_enter_container(call, 'a', "{sv}");
        while (r >= 0 && (r = sd_bus_message_enter_container(call, 'e', "sv")) > 0) {
                r = sd_bus_message_read(call, "s", &key);
                if (r >= 0 && (r = read_option(call, key, wish, error)) < 0)
                        return r;
                if (r >= 0)
                        r = sd_bus_message_exit_container(call);
        }
        if (r < 0)
                return bus_error_from(error, r, NULL);
        if (!strcmp(wish->program, "all"))
                wish->program = NULL;
        if (wish->place && (wish->place[0] != '/' || strstr(wish->place, "/../") || strlen(wish->place) > 4000))
                return bus_error_from(error, -EINVAL, "option 'path' must be the absolute name of a file or folder");
        if (wish->place && !wish->program)
                return bus_error_from(error, -EINVAL, "option 'path' needs the name of the source that can read it");
        return 0;
}

/* ---- answers ---- */

static bool is_of(const Manager *manager, const Account *account, const char *program) {
        bool is_probed = manager->sources && sources_have(manager->sources, account->program);
        return !is_probed && (!program || !strcmp(program, account->program));
}

/* Those that the daemon reads itself. */
static int append_own(sd_bus_message *reply, const Manager *manager, const char *program) {
        int r = 0;
        for (size_t i = 0; r >= 0 && i < accounts_n(manager->accounts); i++) {
                const Account *account = accounts_at(manager->accounts, i);
                if (is_of(manager, account, program))
                        r = sd_bus_message_append(reply, "s", account->id);
        }
        return r;
}

static int answer(sd_bus_message *call, const Manager *manager, const char *program, bool own, const char *const *ids, size_t n) {
        sd_bus_message *reply = NULL;

        int r = sd_bus_message_new_method_return(call, &reply);
        if (r >= 0)
                r = sd_bus_message_open_container(reply, 'a', "s");
        for (size_t i = 0; r >= 0 && i < n; i++)
                r = sd_bus_message_append(reply, "s", ids[i]);
        if (r >= 0 && own)
                r = append_own(reply, manager, program);
        if (r >= 0)
                r = sd_bus_message_close_container(reply);
        if (r >= 0)
                r = sd_bus_send(NULL, reply, NULL);
        sd_bus_message_unref(reply);
        return r;
}

/* A call whose probes run. */
typedef struct Waiting {
        const Manager *manager;
        sd_bus_message *call;
        bool all;
} Waiting;

static void on_read(void *userdata, int r, const char *const *ids, size_t n) {
        Waiting *waiting = userdata;
        sd_bus_error error = SD_BUS_ERROR_NULL;

        if (r >= 0)
                r = answer(waiting->call, waiting->manager, NULL, waiting->all, ids, n);
        if (r < 0 && r != -ECANCELED) {
                bus_error_from(&error, r, NULL);
                sd_bus_reply_method_errno(waiting->call, r, &error);
        }
        sd_bus_error_free(&error);
        sd_bus_message_unref(waiting->call);
        free(waiting);
}

static int begin(Manager *manager, sd_bus_message *call, const Wish *wish, sd_bus_error *error) {
        Waiting *waiting = calloc(1, sizeof(*waiting));

        if (!waiting)
                return bus_error_from(error, -ENOMEM, NULL);
        *waiting = (Waiting) { manager, sd_bus_message_ref(call), !wish->program };
        int r = sources_import(manager->sources, wish->program, wish->place, wish->dry_run, on_read, waiting);
        if (r >= 0)
                return 1;
        sd_bus_message_unref(call);
        free(waiting);
        return bus_error_from(error, r == -E2BIG ? -EDQUOT : r, r == -E2BIG ? "more than 8 places of a source are read" : NULL);
}

/* ---- the method ---- */

static bool is_source(const Manager *manager, const char *program) {
        const char *path;
        size_t n;

        for (size_t i = 0; i < accounts_n_sources(manager->accounts); i++)
                if (!strcmp(accounts_source_at(manager->accounts, i, &path, &n)->program, program))
                        return true;
        return false;
}

/* What is broken in a file is told where the state of the daemon is. */
static int read_own(Manager *manager, const Wish *wish, sd_bus_error *error) {
        _cleanup_free_ char *text = NULL;

        if (wish->dry_run)
                return 0;
        int r = manager_reload(manager, &text);
        return r < 0 && r != -EINVAL ? bus_error_from(error, r, NULL) : 0;
}

int bus_method_import_accounts(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Manager *manager = userdata;
        Wish wish = { 0 };
        uid_t uid;

        int r = bouncer_admit(manager->bouncer, call, &uid, error);
        if (r >= 0)
                r = read_wish(call, &wish, error);
        if (r < 0)
                return r;
        if (wish.program && !is_source(manager, wish.program))
                return bus_error_from(error, -EINVAL, "argument 'source' names none that there is; ListSources names them");
        bool is_probed = manager->sources && (!wish.program || sources_have(manager->sources, wish.program));
        if (wish.place && !is_probed)
                return bus_error_from(error, -EINVAL, "option 'path' is for the mail clients of a user; maildiag.conf names "
                                      "other files of this source");
        if (!is_probed || !wish.program)
                r = read_own(manager, &wish, error);
        if (r < 0)
                return r;
        if (is_probed && (wish.program || accounts_n_sources(manager->accounts) > 0)) {
                r = begin(manager, call, &wish, error);
                if (r != -ENOENT)
                        return r;
                sd_bus_error_free(error);
        }
        r = answer(call, manager, wish.program, true, NULL, 0);
        return r < 0 ? bus_error_from(error, r, NULL) : 1;
}
