/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The manager's methods about the accounts that it knows: which there are, where they come from, reading them again, and
 * silence about one. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "account-file.h"
#include "bouncer.h"
#include "bus-private.h"
#include "dbus/names.h"
#include "own.h"

/* ---- lists ---- */

static int append_account(sd_bus_message *reply, const Account *account, bool details) {
        _cleanup_free_ char *path = bus_account_path(account);
        return path ? sd_bus_message_append(reply, "(sosst)", account->id, path,
                                            details ? account_title(account) : account->id,
                                            verdict_to_string(account->status.verdict), account->status.checked_usec) :
                      -ENOMEM;
}

static int append_accounts(sd_bus_message *reply, const Manager *manager, bool details) {
        int r = sd_bus_message_open_container(reply, 'a', "(sosst)");
        for (size_t i = 0; r >= 0 && i < accounts_n(manager->accounts); i++)
                r = append_account(reply, accounts_at(manager->accounts, i), details);
        return r < 0 ? r : sd_bus_message_close_container(reply);
}

static int append_sources(sd_bus_message *reply, const Manager *manager, bool details) {
        int r = sd_bus_message_open_container(reply, 'a', "(ssus)");
        for (size_t i = 0; r >= 0 && i < accounts_n_sources(manager->accounts); i++) {
                const char *path;
                size_t n;
                const Source *source = accounts_source_at(manager->accounts, i, &path, &n);
                r = sd_bus_message_append(reply, "(ssus)", source->program, source->title, (uint32_t) n, path);
        }
        return r < 0 ? r : sd_bus_message_close_container(reply);
}

/* Who may not see the details gets the list without them. */
static int answer(sd_bus_message *call, const Manager *manager,
                  int (*append)(sd_bus_message *reply, const Manager *manager, bool details), sd_bus_error *error) {
        sd_bus_message *reply = NULL;
        uid_t uid;

        int r = bouncer_admit(manager->bouncer, call, &uid, error);
        if (r < 0)
                return r;
        r = sd_bus_message_new_method_return(call, &reply);
        if (r >= 0)
                r = append(reply, manager, bouncer_has(manager->bouncer, uid, RIGHT_VIEW));
        if (r >= 0)
                r = sd_bus_send(NULL, reply, NULL);
        sd_bus_message_unref(reply);
        return r < 0 ? bus_error_from(error, r, NULL) : 1;
}

int bus_method_list_accounts(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        return answer(call, userdata, append_accounts, error);
}

int bus_method_list_sources(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        return answer(call, userdata, append_sources, error);
}

int bus_method_get_account(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        const Manager *manager = userdata;
        const char *id;
        uid_t uid;

        int r = bouncer_admit(manager->bouncer, call, &uid, error);
        if (r >= 0)
                r = sd_bus_message_read(call, "s", &id);
        if (r < 0)
                return r;
        const Account *account = accounts_find(manager->accounts, id);
        if (!account)
                return bus_account_missing(id, error);
        _cleanup_free_ char *path = bus_account_path(account);
        return path ? sd_bus_reply_method_return(call, "o", path) : bus_error_from(error, -ENOMEM, NULL);
}

/* ---- a file that somebody wants to write ---- */

static int refuse_file(unsigned line, const char *text, sd_bus_error *error) {
        if (line > 0)
                sd_bus_error_setf(error, MAILDIAG_ERROR_CONFIG_INVALID, "line %u: %s", line, text);
        else
                sd_bus_error_set(error, MAILDIAG_ERROR_CONFIG_INVALID, text);
        return -EINVAL;
}

static int check_plugins(const Manager *manager, const Account *account, sd_bus_error *error) {
        char text[128];

        for (size_t i = 0; i < account->n_services; i++) {
                const char *protocol = account->services[i].protocol;
                if (manager_registry(manager) && registry_plugin(manager_registry(manager), protocol))
                        continue;
                snprintf(text, sizeof(text), "section [%s]: there is no plugin for this protocol", protocol);
                return refuse_file(0, text, error);
        }
        return 0;
}

static int validate(const Manager *manager, const char *id, const char *text, sd_bus_error *error) {
        const char *wrong = account_id_fault(id);
        _cleanup_free_ char *fault = NULL;
        Account *account;
        unsigned line = 0;

        if (wrong) {
                sd_bus_error_setf(error, SD_BUS_ERROR_INVALID_ARGS, "argument 'id' %s", wrong);
                return -EINVAL;
        }
        int r = account_file_parse(id, "", text, strlen(text), &account, &line, &fault);
        if (r == -EINVAL)
                return refuse_file(line, fault, error);
        if (r < 0)
                return bus_error_from(error, r, NULL);
        r = check_plugins(manager, account, error);
        account_free(account);
        return r;
}

int bus_method_validate_account(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        const Manager *manager = userdata;
        const char *id, *text;
        uid_t uid;

        int r = bouncer_admit(manager->bouncer, call, &uid, error);
        if (r >= 0)
                r = sd_bus_message_read(call, "ss", &id, &text);
        if (r >= 0)
                r = validate(manager, id, text, error);
        return r < 0 ? r : sd_bus_reply_method_return(call, NULL);
}

/* ---- reading again ---- */

int bus_method_reload(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Manager *manager = userdata;
        _cleanup_free_ char *text = NULL;
        uid_t uid;

        int r = bouncer_admit(manager->bouncer, call, &uid, error);
        if (r < 0)
                return r;
        r = manager_reload(manager, &text);
        if (r == -EINVAL) {
                sd_bus_error_set(error, MAILDIAG_ERROR_CONFIG_INVALID, text);
                return r;
        }
        return r < 0 ? bus_error_from(error, r, NULL) : sd_bus_reply_method_return(call, NULL);
}

/* ---- silence ---- */

static int mute(Manager *manager, const char *id, uint64_t until_usec, sd_bus_error *error) {
        Account *account = *id ? accounts_find(manager->accounts, id) : NULL;

        if (*id && !account)
                return bus_account_missing(id, error);
        if (account)
                manager_mute(manager, account, until_usec);
        for (size_t i = 0; !account && i < accounts_n(manager->accounts); i++)
                manager_mute(manager, accounts_at(manager->accounts, i), until_usec);
        return 0;
}

int bus_method_mute(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Manager *manager = userdata;
        uint64_t until_usec;
        const char *id;
        uid_t uid;

        int r = bouncer_admit(manager->bouncer, call, &uid, error);
        if (r < 0)
                return r;
        if (manager->instance != INSTANCE_USER) {
                sd_bus_error_set(error, SD_BUS_ERROR_NOT_SUPPORTED,
                                 "only a user's own maildiagd tells anybody, and can be muted");
                return -EOPNOTSUPP;
        }
        r = sd_bus_message_read(call, "st", &id, &until_usec);
        if (r >= 0)
                r = mute(manager, id, until_usec, error);
        return r < 0 ? r : sd_bus_reply_method_return(call, NULL);
}
