/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Checks that a person asked for, as jobs of the instance; and mutes. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dbus/names.h"
#include "watch-private.h"
#include "own.h"

#define ACCOUNTS_MAX 64u                /* that the instance takes in one job */

static void strings_free(char **strings) {
        for (char **string = strings; string && *string; string++)
                free(*string);
        free(strings);
}

static void job_free(WatchJob *job) {
        sd_bus_slot_unref(job->call);
        strings_free(job->keys);
        free(job->path);
        free(job);
}

/* Unlinks and tells. */
static void end_job(WatchJob *job, bool made) {
        Watch *watch = job->watch;
        size_t n = 0;

        for (WatchJob **link = &watch->jobs; *link; link = &(*link)->next)
                if (*link == job) {
                        *link = job->next;
                        break;
                }
        while (job->keys[n])
                n++;
        watch->hooks.checked(watch->hooks.userdata, made ? (const char *const *) job->keys : NULL, n);
        job_free(job);
}

void watch_check_lost(Watch *watch) {
        while (watch->jobs)
                end_job(watch->jobs, false);
}

int watch_check_finished(Watch *watch, sd_bus_message *signal) {
        const char *path = sd_bus_message_get_path(signal);
        for (WatchJob *job = watch->jobs; job; job = job->next) {
                if (!job->path || strcmp(job->path, path))
                        continue;
                for (char **key = job->keys; *key; key++) {
                        Watched *watched = watch_list_by_key(watch->list, *key);
                        if (watched)
                                watched->stale = true;
                }
                end_job(job, true);
                break;
        }
        return 0;
}

static int on_started(sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        WatchJob *job = userdata;
        const char *path;

        job->call = sd_bus_slot_unref(job->call);
        if (!sd_bus_message_is_method_error(reply, NULL) && sd_bus_message_read(reply, "o", &path) > 0)
                job->path = strdup(path);
        if (!job->path)
                end_job(job, false);
        return 0;
}

/* The next of the keys that are ours, at most so many as one job takes; *at moves on.  NULL: out of memory. */
static char **own_keys(const Watch *watch, const char *const *keys, size_t n, size_t *at) {
        char **own = calloc(ACCOUNTS_MAX + 1, sizeof(char *));

        for (size_t used = 0; own && *at < n && used < ACCOUNTS_MAX; (*at)++) {
                const Watched *watched = watch_list_by_key(watch->list, keys[*at]);
                if (!watched || watched->system != watch->system)
                        continue;
                own[used] = strdup(keys[*at]);
                if (!own[used++]) {
                        strings_free(own);
                        return NULL;
                }
        }
        return own;
}

static int append_ids(sd_bus_message *message, const WatchJob *job) {
        int r = sd_bus_message_open_container(message, 'a', "s");
        for (char **key = job->keys; r >= 0 && *key; key++)
                r = sd_bus_message_append(message, "s", strchr(*key, '/') + 1);
        return r < 0 ? r : sd_bus_message_close_container(message);
}

static int start(Watch *watch, WatchJob *job) {
        _cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;

        int r = watch->bus ? watch_call_new(watch, MAILDIAG_PATH, MAILDIAG_INTERFACE_MANAGER, "StartCheck", &message)
                           : -ENOTCONN;
        if (r >= 0)
                r = append_ids(message, job);
        if (r >= 0)
                r = sd_bus_message_append(message, "a{sv}", 0);
        return r < 0 ? r : sd_bus_call_async(watch->bus, &job->call, message, on_started, job, 0);
}

/* Takes over the keys. */
static int start_job(Watch *watch, char **keys) {
        WatchJob *job = calloc(1, sizeof(*job));
        if (!job) {
                strings_free(keys);
                return -ENOMEM;
        }
        job->watch = watch;
        job->keys = keys;
        int r = start(watch, job);
        if (r < 0) {
                job_free(job);
                return r;
        }
        job->next = watch->jobs;
        watch->jobs = job;
        return 0;
}

int watch_check(Watch *watch, const char *const *keys, size_t n) {
        size_t at = 0;
        int r = 0;

        while (r >= 0 && at < n) {
                char **own = own_keys(watch, keys, n, &at);
                if (!own)
                        return -ENOMEM;
                if (own[0])
                        r = start_job(watch, own);
                else
                        strings_free(own);
        }
        return r;
}

bool watch_is_checking(const Watch *watch) {
        return watch->jobs;
}

/* ---- mutes ---- */

typedef struct Mute {
        Watch *watch;
        char *key;
        uint64_t until_usec;
} Mute;

static void mute_free(void *userdata) {
        Mute *mute = userdata;
        if (mute)
                free(mute->key);
        free(mute);
}

static int on_muted(sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        Mute *mute = userdata;
        if (sd_bus_message_is_method_error(reply, NULL))
                mute->watch->hooks.mute_refused(mute->watch->hooks.userdata, mute->key, mute->until_usec);
        return 0;
}

static int send_mute(Watch *watch, const Watched *watched, Mute *mute) {
        _cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;
        sd_bus_slot *slot = NULL;

        int r = watch->bus ? watch_call_new(watch, MAILDIAG_PATH, MAILDIAG_INTERFACE_MANAGER, "Mute", &message)
                              : -ENOTCONN;
        if (r >= 0)
                r = sd_bus_message_append(message, "st", watched->id, mute->until_usec);
        if (r >= 0)
                r = sd_bus_call_async(watch->bus, &slot, message, on_muted, mute, 0);
        if (r < 0)
                return r;
        sd_bus_slot_set_destroy_callback(slot, mute_free);
        sd_bus_slot_set_floating(slot, true);
        sd_bus_slot_unref(slot);
        return 0;
}

int watch_mute(Watch *watch, const Watched *watched, uint64_t until_usec) {
        Mute *mute = calloc(1, sizeof(*mute));
        if (!mute)
                return -ENOMEM;
        *mute = (Mute) { .watch = watch, .key = strdup(watched->key), .until_usec = until_usec };
        int r = mute->key ? send_mute(watch, watched, mute) : -ENOMEM;
        if (r < 0)
                mute_free(mute);
        return r;
}
