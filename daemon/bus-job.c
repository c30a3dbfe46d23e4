/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* org.maildiag.Diag1.Job: an object per job, for the user who started it and for root. */

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bouncer.h"
#include "bus-private.h"
#include "dbus/names.h"
#include "own.h"

char *bus_job_path(const Job *job) {
        char *path;
        return asprintf(&path, MAILDIAG_PATH_JOB "/%" PRIu64, job->id) < 0 ? NULL : path;
}

/* ---- objects ---- */

/* The number in a path, 0 when it is none. */
static uint64_t job_id_of_path(const char *path) {
        const char *text = path + strlen(MAILDIAG_PATH_JOB "/");
        size_t length = strlen(text);

        if (length == 0 || length > 19 || text[0] == '0' || strspn(text, "0123456789") != length)
                return 0;
        return strtoull(text, NULL, 10);
}

int bus_job_find(sd_bus *bus, const char *path, const char *interface, void *userdata, void **ret, sd_bus_error *error) {
        const Manager *manager = userdata;
        sd_bus_message *call = sd_bus_get_current_message(bus);
        uid_t uid;

        if (!call || !strcmp(path, MAILDIAG_PATH_JOB))
                return 0;
        Job *job = manager_job(manager, job_id_of_path(path));
        if (!job) {
                sd_bus_error_set(error, MAILDIAG_ERROR_NO_SUCH_JOB, "there is no such job, or it ended too long ago");
                return -ENOENT;
        }
        int r = bouncer_admit(manager->bouncer, call, &uid, error);
        if (r < 0)
                return r;
        if (!bouncer_may_see(uid, job->uid)) {
                sd_bus_error_set(error, SD_BUS_ERROR_ACCESS_DENIED, "this is the job of another user");
                return -EACCES;
        }
        *ret = job;
        return 1;
}

int bus_job_enumerate(sd_bus *bus, const char *prefix, void *userdata, char ***ret, sd_bus_error *error) {
        const Manager *manager = userdata;
        sd_bus_message *call = sd_bus_get_current_message(bus);
        size_t n = 0, used = 0;
        uid_t uid = 0;
        Job *job;

        int r = call ? bouncer_admit(manager->bouncer, call, &uid, error) : -EACCES;
        TAILQ_FOREACH(job, &manager->jobs, entry)
                n++;
        char **paths = calloc(n + 1, sizeof(char *));
        if (!paths)
                return -ENOMEM;
        if (r >= 0)
                TAILQ_FOREACH(job, &manager->jobs, entry)
                        if (bouncer_may_see(uid, job->uid) && (paths[used] = bus_job_path(job)))
                                used++;
        sd_bus_error_free(error);
        *ret = paths;
        return 0;
}

/* ---- methods ---- */

static int method_cancel(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        job_cancel(userdata);
        return sd_bus_reply_method_return(call, NULL);
}

/* What this account shares with others. */
static int append_shared(sd_bus_message *reply, const Job *job, size_t account) {
        int r = bus_open_variant(reply, "shared", "aa{sv}");
        if (r >= 0)
                r = bus_append_shared(reply, &job->shared, account);
        return r < 0 ? r : bus_close_variant(reply);
}

static int append_result(sd_bus_message *reply, const Job *job, size_t account) {
        const Report *report = job_report(job, account);
        const struct {
                const char *key, *text;
        } texts[] = {
                { "id", report->account },
                { "address", report->address ? report->address : "" },
                { "verdict", verdict_to_string(report->verdict) },
                { "receive", ability_to_string(report->receive) },
                { "send", ability_to_string(report->send) },
        };

        int r = sd_bus_message_open_container(reply, 'a', "{sv}");
        for (size_t i = 0; r >= 0 && i < ELEMENTS(texts); i++)
                r = bus_append_text(reply, texts[i].key, texts[i].text);
        if (r >= 0)
                r = bus_open_variant(reply, "findings", "aa{sv}");
        if (r >= 0)
                r = bus_append_findings(reply, report);
        if (r >= 0)
                r = bus_close_variant(reply);
        if (r >= 0 && job->is_list)
                r = append_shared(reply, job, account);
        return r < 0 ? r : sd_bus_message_close_container(reply);
}

static int method_get_result(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        sd_bus_message *reply = NULL;
        Job *job = userdata;

        if (!job_has_ended(job)) {
                sd_bus_error_set(error, MAILDIAG_ERROR_BUSY, "the job has not ended; wait for Finished");
                return -EBUSY;
        }
        int r = sd_bus_message_new_method_return(call, &reply);
        if (r >= 0)
                r = sd_bus_message_open_container(reply, 'a', "a{sv}");
        for (size_t i = 0; r >= 0 && i < job->n_diagnoses; i++)
                r = append_result(reply, job, i);
        if (r >= 0)
                r = sd_bus_message_close_container(reply);
        if (r >= 0)
                r = sd_bus_send(NULL, reply, NULL);
        sd_bus_message_unref(reply);
        return r < 0 ? r : 1;
}

static int method_describe(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        int r = job_judge(userdata);
        json_t *document = r >= 0 ? job_to_json(userdata) : NULL;
        _cleanup_free_ char *text = document ? json_dumps(document, JSON_COMPACT) : NULL;

        json_decref(document);
        return text ? sd_bus_reply_method_return(call, "s", text) : bus_error_from(error, -ENOMEM, NULL);
}

/* ---- properties ---- */

static int get_state(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply,
                     void *userdata, sd_bus_error *error) {
        const Job *job = userdata;
        return sd_bus_message_append(reply, "s", job_state_to_string(job->state));
}

static int get_verdict(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply,
                       void *userdata, sd_bus_error *error) {
        int r = job_judge(userdata);
        return r < 0 ? r : sd_bus_message_append(reply, "s", verdict_to_string(job_verdict(userdata)));
}

static int get_done(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply,
                    void *userdata, sd_bus_error *error) {
        return sd_bus_message_append(reply, "u", (uint32_t) job_n_done(userdata));
}

static int get_total(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply,
                     void *userdata, sd_bus_error *error) {
        return sd_bus_message_append(reply, "u", (uint32_t) job_n_probes(userdata));
}

static int get_uid(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply,
                   void *userdata, sd_bus_error *error) {
        const Job *job = userdata;
        return sd_bus_message_append(reply, "u", (uint32_t) job->uid);
}

static int get_started(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply,
                       void *userdata, sd_bus_error *error) {
        const Job *job = userdata;
        return sd_bus_message_append(reply, "t", job->started_usec);
}

static int get_ended(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply,
                     void *userdata, sd_bus_error *error) {
        const Job *job = userdata;
        return sd_bus_message_append(reply, "t", job->ended_usec);
}

const sd_bus_vtable bus_job_vtable[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_METHOD("Cancel", NULL, NULL, method_cancel, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_NAMES("GetResult", NULL, , "aa{sv}", SD_BUS_PARAM(results), method_get_result,
                                 SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_NAMES("Describe", NULL, , "s", SD_BUS_PARAM(json), method_describe,
                                 SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_SIGNAL_WITH_NAMES("Progress", "uuss",
                                 SD_BUS_PARAM(done) SD_BUS_PARAM(total) SD_BUS_PARAM(service) SD_BUS_PARAM(step), 0),
        SD_BUS_SIGNAL_WITH_NAMES("Finished", "ss", SD_BUS_PARAM(result) SD_BUS_PARAM(verdict), 0),
        SD_BUS_PROPERTY("State", "s", get_state, 0, 0),
        SD_BUS_PROPERTY("Verdict", "s", get_verdict, 0, 0),
        SD_BUS_PROPERTY("Done", "u", get_done, 0, 0),
        SD_BUS_PROPERTY("Total", "u", get_total, 0, 0),
        SD_BUS_PROPERTY("StartedByUID", "u", get_uid, 0, SD_BUS_VTABLE_PROPERTY_CONST),
        SD_BUS_PROPERTY("StartedUSec", "t", get_started, 0, SD_BUS_VTABLE_PROPERTY_CONST),
        SD_BUS_PROPERTY("EndedUSec", "t", get_ended, 0, 0),
        SD_BUS_VTABLE_END,
};
