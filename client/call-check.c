/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A diagnosis as a job: started, watched, fetched.  The daemon's signals go to us alone, but on a bus anybody may
 * send us one: only those of the daemon's own connection count.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "call-private.h"
#include "complain.h"
#include "i18n.h"

#include "dbus/names.h"

#define SILENCE_USEC (10 * 1000000ull)  /* after so long without a signal, ask whether the job still runs */

typedef struct Watch {
        Call *call;
        ProgressFunc progress;
        void *userdata;
        char *daemon;                   /* unique name of its connection; NULL on a socketpair */
        char *job;                      /* object path */
        sd_bus_slot *slots[3];
        bool finished;
        bool gone;                      /* the daemon left the bus */
} Watch;

static bool is_ours(const Watch *watch, sd_bus_message *message) {
        const char *sender = sd_bus_message_get_sender(message), *path = sd_bus_message_get_path(message);
        if (!watch->job || !path || strcmp(path, watch->job))
                return false;
        return !watch->daemon || (sender && !strcmp(sender, watch->daemon));
}

static int on_progress(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Watch *watch = userdata;
        const char *service, *step;
        uint32_t done, total;

        if (is_ours(watch, message) && sd_bus_message_read(message, "uuss", &done, &total, &service, &step) > 0)
                watch->progress(watch->userdata, done, total, service, step);
        return 0;
}

static int on_finished(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Watch *watch = userdata;
        if (is_ours(watch, message))
                watch->finished = true;
        return 0;
}

static int on_owner_changed(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Watch *watch = userdata;
        const char *name, *old, *new;
        if (sd_bus_message_read(message, "sss", &name, &old, &new) > 0 && watch->daemon && !strcmp(old, watch->daemon))
                watch->gone = true;
        return 0;
}

/* Before the job exists, so that none of its signals is missed. */
static int subscribe(Watch *watch) {
        sd_bus *bus = watch->call->bus;
        int r = sd_bus_match_signal(bus, &watch->slots[0], NULL, NULL, MAILDIAG_INTERFACE_JOB, "Progress",
                                    on_progress, watch);
        if (r >= 0)
                r = sd_bus_match_signal(bus, &watch->slots[1], NULL, NULL, MAILDIAG_INTERFACE_JOB, "Finished",
                                        on_finished, watch);
        if (r >= 0 && !watch->call->private)
                r = sd_bus_add_match(bus, &watch->slots[2],
                                     "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',"
                                     "arg0='" MAILDIAG_BUS_NAME "'", on_owner_changed, watch);
        return r < 0 ? r : 0;
}

static int append_account(sd_bus_message *message, const Settings *settings) {
        int r = sd_bus_message_append(message, "s", settings->address ?: "");
        return r < 0 ? r : call_append_services(message, settings);
}

/* What is to be checked: accounts that the daemon knows, accounts of a list, or else the one of the settings. */
typedef struct Subject {
        const Settings *settings;
        const json_t *accounts;
        const char *const *ids;
        size_t n_ids;
} Subject;

static int append_ids(sd_bus_message *message, const Subject *subject) {
        int r = sd_bus_message_open_container(message, 'a', "s");
        for (size_t i = 0; r >= 0 && i < subject->n_ids; i++)
                r = sd_bus_message_append(message, "s", subject->ids[i]);
        return r < 0 ? r : sd_bus_message_close_container(message);
}

static int append_subject(sd_bus_message *message, const Subject *subject) {
        if (subject->ids)
                return append_ids(message, subject);
        if (subject->settings->discover)
                return sd_bus_message_append(message, "s", subject->settings->address);
        return subject->accounts ? call_append_accounts(message, subject->accounts) :
                                   append_account(message, subject->settings);
}

static int start(Watch *watch, const Subject *subject, const int fds[static _CALL_FD_MAX]) {
        const char *method = subject->ids ? "StartCheck" : subject->settings->discover ? "StartDiscover" :
                             subject->accounts ? "StartCheckAccounts" : "StartCheckSettings";
        _cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL, *reply = NULL;
        const char *job, *sender;

        int r = subscribe(watch);
        if (r >= 0)
                r = call_message_new(watch->call, method, &message);
        if (r >= 0)
                r = append_subject(message, subject);
        if (r >= 0)
                r = call_append_options(message, subject->settings, fds);
        if (r < 0)
                return call_complain(watch->call, NULL, r);

        int status = call_send(watch->call, message, &reply);
        if (status != 0)
                return status;
        r = sd_bus_message_read(reply, "o", &job);
        if (r < 0)
                return call_complain(watch->call, NULL, r);
        sender = sd_bus_message_get_sender(reply);
        watch->job = strdup(job);
        watch->daemon = sender && !watch->call->private ? strdup(sender) : NULL;
        return watch->job ? 0 : complain_oom();
}

/* Whether the job has ended, asked for instead of told. */
static int ask_state(Watch *watch) {
        _cleanup_(sd_bus_error_free) sd_bus_error error = SD_BUS_ERROR_NULL;
        char *state = NULL;

        int r = sd_bus_get_property_string(watch->call->bus, watch->daemon, watch->job, MAILDIAG_INTERFACE_JOB, "State",
                                           &error, &state);
        if (r < 0)
                return call_complain(watch->call, &error, r);
        watch->finished = strcmp(state, "queued") && strcmp(state, "running");
        free(state);
        return 0;
}

static int wait_finished(Watch *watch) {
        while (!watch->finished) {
                int r = sd_bus_process(watch->call->bus, NULL);
                if (r == 0)
                        r = sd_bus_wait(watch->call->bus, SILENCE_USEC) ?: -EAGAIN;
                if (watch->gone)
                        r = -ECONNRESET;
                if (r == -EAGAIN) {
                        int status = ask_state(watch);
                        if (status != 0)
                                return status;
                } else if (r < 0 && r != -EINTR)
                        return call_complain(watch->call, NULL, r);
        }
        return 0;
}

static int fetch(Watch *watch, char **ret_report) {
        _cleanup_(sd_bus_error_free) sd_bus_error error = SD_BUS_ERROR_NULL;
        _cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        const char *json;

        int r = sd_bus_call_method(watch->call->bus, watch->daemon, watch->job, MAILDIAG_INTERFACE_JOB, "Describe",
                                   &error, &reply, NULL);
        if (r >= 0)
                r = sd_bus_message_read(reply, "s", &json);
        if (r < 0)
                return call_complain(watch->call, &error, r);
        char *copy = strdup(json);
        if (!copy)
                return complain_oom();
        *ret_report = copy;
        return 0;
}

static int check(Call *call, const Subject *subject, const int fds[static _CALL_FD_MAX], ProgressFunc progress,
                 void *userdata, char **ret_report) {
        Watch watch = { .call = call, .progress = progress, .userdata = userdata };

        int status = start(&watch, subject, fds);
        if (status == 0)
                status = wait_finished(&watch);
        if (status == 0)
                status = fetch(&watch, ret_report);
        for (size_t i = 0; i < sizeof(watch.slots) / sizeof(watch.slots[0]); i++)
                sd_bus_slot_unref(watch.slots[i]);
        free(watch.daemon);
        free(watch.job);
        return status;
}

int call_check(Call *call, const Settings *settings, const json_t *accounts, const int fds[static _CALL_FD_MAX],
               ProgressFunc progress, void *userdata, char **ret_report) {
        const Subject subject = { .settings = settings, .accounts = accounts };
        return check(call, &subject, fds, progress, userdata, ret_report);
}

int call_check_known(Call *call, const Settings *settings, const char *const *ids, size_t n_ids,
                     const int fds[static _CALL_FD_MAX], ProgressFunc progress, void *userdata, char **ret_report) {
        const Subject subject = { .settings = settings, .ids = ids, .n_ids = n_ids };
        return check(call, &subject, fds, progress, userdata, ret_report);
}
