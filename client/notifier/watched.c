/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A sorted list; thousands of accounts are found by halving. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>

#include "dbus/names.h"
#include "own.h"
#include "report.h"
#include "watched.h"

static Watched *watched_free(Watched *watched) {
        if (!watched)
                return NULL;
        json_decref(watched->details);
        free(watched->key);
        free(watched->path);
        free(watched);
        return NULL;
}

void watch_list_done(WatchList *list) {
        for (size_t i = 0; i < list->n; i++)
                watched_free(list->list[i]);
        free(list->list);
        *list = (WatchList) { 0 };
}

/* The place of an object, or the one where it belongs. */
static size_t place(const WatchList *list, bool system, const char *path, bool *ret_found) {
        size_t low = 0, high = list->n;

        *ret_found = false;
        while (low < high) {
                size_t middle = low + (high - low) / 2;
                const Watched *watched = list->list[middle];
                int order = watched->system != system ? watched->system - system : strcmp(watched->path, path);
                if (order == 0) {
                        *ret_found = true;
                        return middle;
                }
                if (order < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

Watched *watch_list_find(const WatchList *list, bool system, const char *path) {
        bool found;
        size_t at = place(list, system, path, &found);
        return found ? list->list[at] : NULL;
}

static Watched *watched_new(bool system, const char *path, const char *id) {
        Watched *watched = calloc(1, sizeof(*watched));
        if (!watched)
                return NULL;
        watched->system = system;
        watched->stale = true;
        watched->path = strdup(path);
        if (asprintf(&watched->key, "%s/%s", system ? "system" : "user", id) < 0)
                watched->key = NULL;
        if (!watched->path || !watched->key)
                return watched_free(watched);
        watched->id = strchr(watched->key, '/') + 1;
        return watched;
}

static int reserve(WatchList *list) {
        if (list->n < list->size)
                return 0;
        size_t size = list->size > 0 ? list->size * 2 : 16;
        Watched **larger = reallocarray(list->list, size, sizeof(Watched *));
        if (!larger)
                return -ENOMEM;
        list->list = larger;
        list->size = size;
        return 0;
}

int watch_list_add(WatchList *list, bool system, const char *path, Watched **ret) {
        _cleanup_free_ char *id = NULL;
        bool found;

        int r = sd_bus_path_decode(path, MAILDIAG_PATH_ACCOUNT, &id);
        if (r <= 0 || !*id)
                return r < 0 ? r : -EINVAL;
        size_t at = place(list, system, path, &found);
        if (!found) {
                Watched *watched = reserve(list) < 0 ? NULL : watched_new(system, path, id);
                if (!watched)
                        return -ENOMEM;
                watched->serial = ++list->serials;
                memmove(list->list + at + 1, list->list + at, (list->n - at) * sizeof(Watched *));
                list->list[at] = watched;
                list->n++;
        }
        *ret = list->list[at];
        return 0;
}

Watched *watch_list_by_key(const WatchList *list, const char *key) {
        const char *id = strchr(key, '/');
        _cleanup_free_ char *path = NULL;

        if (!id || sd_bus_path_encode(MAILDIAG_PATH_ACCOUNT, id + 1, &path) < 0)
                return NULL;
        Watched *watched = watch_list_find(list, *key == 's', path);
        return watched && !strcmp(watched->key, key) ? watched : NULL;
}

Watched *watch_list_by_serial(const WatchList *list, unsigned serial) {
        for (size_t i = 0; i < list->n; i++)
                if (list->list[i]->serial == serial)
                        return list->list[i];
        return NULL;
}

/* Keeps those that `keep` says. */
static void filter(WatchList *list, bool (*keep)(const Watched *watched, const void *userdata), const void *userdata) {
        size_t kept = 0;
        for (size_t i = 0; i < list->n; i++) {
                if (keep(list->list[i], userdata))
                        list->list[kept++] = list->list[i];
                else
                        watched_free(list->list[i]);
        }
        list->n = kept;
}

static bool is_not(const Watched *watched, const void *other) {
        return watched != other;
}

void watch_list_remove(WatchList *list, Watched *watched) {
        filter(list, is_not, watched);
}

static bool is_seen(const Watched *watched, const void *system) {
        return watched->seen || watched->system != *(const bool *) system;
}

void watch_list_sweep(WatchList *list, bool system) {
        filter(list, is_seen, &system);
        for (size_t i = 0; i < list->n; i++)
                list->list[i]->seen = false;
}

void watch_list_unknow(WatchList *list, bool system) {
        for (size_t i = 0; i < list->n; i++) {
                Watched *watched = list->list[i];
                if (watched->system != system)
                        continue;
                watched->status = WATCHED_UNKNOWN;
                watched->stale = true;
        }
}

WatchedStatus watched_status_from_string(const char *word) {
        static const char *const words[] = {
                [WATCHED_OK] = "ok", [WATCHED_INFO] = "info", [WATCHED_WARNING] = "warning", [WATCHED_ERROR] = "error",
        };
        for (size_t i = WATCHED_OK; i < ELEMENTS(words); i++)
                if (!strcmp(words[i], word))
                        return i;
        return WATCHED_UNKNOWN;
}

const char *watched_title(const Watched *watched) {
        const char *name = report_text(watched->details, "name"), *address = report_text(watched->details, "address");
        return *name ? name : *address ? address : watched->id;
}

void watched_describe(Watched *watched, json_t *details) {
        json_decref(watched->details);
        watched->details = details;
        watched->asked = false;
        if (*report_text(details, "status"))
                watched->status = watched_status_from_string(report_text(details, "status"));
        if (json_is_integer(json_object_get(details, "muted-until-usec")))
                watched->muted_usec = (uint64_t) report_number(details, "muted-until-usec");
}

bool watched_is_settled(const Watched *watched) {
        return watched->status != WATCHED_UNKNOWN && !watched->stale && !watched->asked;
}
