/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A small JSON file, replaced as a whole.  Its loss costs a notification that is shown a second time. */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "memory.h"
#include "own.h"
#include "report.h"

#define VERSION 1
#define FILE_MAX_BYTES (1024 * 1024)

struct Memory {
        char *path;                     /* NULL: nothing is kept */
        Told **list;
        size_t n;
        json_t *critical;               /* account: µs */
        json_t *muted;                  /* account: µs */
        bool changed;
};

static Told *told_free(Told *told) {
        if (!told)
                return NULL;
        json_decref(told->accounts);
        free(told->text);
        free(told->key);
        free(told);
        return NULL;
}

Memory *memory_free(Memory *memory) {
        if (!memory)
                return NULL;
        for (size_t i = 0; i < memory->n; i++)
                told_free(memory->list[i]);
        free(memory->list);
        json_decref(memory->critical);
        json_decref(memory->muted);
        free(memory->path);
        free(memory);
        return NULL;
}

size_t memory_n(const Memory *memory) {
        return memory->n;
}

Told *memory_at(Memory *memory, size_t i) {
        return memory->list[i];
}

Told *memory_find(Memory *memory, const char *key) {
        for (size_t i = 0; i < memory->n; i++)
                if (!strcmp(memory->list[i]->key, key))
                        return memory->list[i];
        return NULL;
}

Told *memory_add(Memory *memory, const char *key) {
        Told *told = memory_find(memory, key), **larger;
        if (told)
                return told;
        larger = reallocarray(memory->list, memory->n + 1, sizeof(Told *));
        if (!larger)
                return NULL;
        memory->list = larger;
        told = calloc(1, sizeof(*told));
        if (!told || !(told->key = strdup(key)) || !(told->accounts = json_array()))
                return told_free(told);
        memory->list[memory->n++] = told;
        memory->changed = true;
        return told;
}

void memory_forget(Memory *memory, Told *told) {
        for (size_t i = 0; i < memory->n; i++) {
                if (memory->list[i] != told)
                        continue;
                memmove(memory->list + i, memory->list + i + 1, (memory->n - i - 1) * sizeof(Told *));
                memory->n--;
                memory->changed = true;
                told_free(told);
                return;
        }
}

void memory_touch(Memory *memory) {
        memory->changed = true;
}

/* ---- times of accounts ---- */

static int set_time(Memory *memory, json_t *times, const char *account, uint64_t usec) {
        memory->changed = true;
        if (usec == 0) {
                json_object_del(times, account);
                return 0;
        }
        return json_object_set_new(times, account, json_integer((json_int_t) usec)) < 0 ? -ENOMEM : 0;
}

uint64_t memory_critical(const Memory *memory, const char *account) {
        return (uint64_t) report_number(memory->critical, account);
}

int memory_set_critical(Memory *memory, const char *account, uint64_t usec) {
        return set_time(memory, memory->critical, account, usec);
}

uint64_t memory_muted(const Memory *memory, const char *account) {
        return (uint64_t) report_number(memory->muted, account);
}

int memory_set_muted(Memory *memory, const char *account, uint64_t until_usec) {
        return set_time(memory, memory->muted, account, until_usec);
}

/* ---- reading ---- */

static int read_told(Memory *memory, const json_t *entry) {
        const json_t *accounts = json_object_get(entry, "accounts");
        const char *key = report_text(entry, "key");
        size_t i;
        json_t *account;

        if (!*key || report_number(entry, "told-usec") <= 0)
                return 0;
        Told *told = memory_add(memory, key);
        if (!told)
                return -ENOMEM;
        told->told_usec = (uint64_t) report_number(entry, "told-usec");
        told->warning = json_is_true(json_object_get(entry, "warning"));
        json_array_foreach((json_t *) accounts, i, account)
                if (json_is_string(account) && json_array_append(told->accounts, account) < 0)
                        return -ENOMEM;
        return 0;
}

/* Only what is a time. */
static void read_times(json_t *times, const json_t *object) {
        const char *account;
        json_t *time;
        json_object_foreach((json_t *) object, account, time)
                if (json_is_integer(time) && json_integer_value(time) > 0)
                        json_object_set(times, account, time);
}

static json_t *load(const char *path) {
        _cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
        struct stat status;

        if (fd < 0 || fstat(fd, &status) < 0 || !S_ISREG(status.st_mode) || status.st_size > FILE_MAX_BYTES)
                return NULL;
        return json_loadfd(fd, JSON_REJECT_DUPLICATES, NULL);
}

static int read_all(Memory *memory) {
        json_t *document = load(memory->path), *entry;
        int r = 0;
        size_t i;

        if (report_number(document, "version") == VERSION) {
                json_array_foreach(json_object_get(document, "told"), i, entry)
                        r = r < 0 ? r : read_told(memory, entry);
                read_times(memory->critical, json_object_get(document, "critical"));
                read_times(memory->muted, json_object_get(document, "muted"));
        }
        json_decref(document);
        memory->changed = false;
        return r;
}

Memory *memory_new(const char *path) {
        Memory *memory = calloc(1, sizeof(*memory));
        if (!memory)
                return NULL;
        memory->critical = json_object();
        memory->muted = json_object();
        memory->path = path ? strdup(path) : NULL;
        if (!memory->critical || !memory->muted || (path && !memory->path))
                return memory_free(memory);
        if (path && read_all(memory) < 0)
                return memory_free(memory);
        return memory;
}

/* ---- writing ---- */

/* What has not been told is not kept. */
static json_t *write_told(const Memory *memory) {
        json_t *list = json_array();
        for (size_t i = 0; i < memory->n; i++) {
                const Told *told = memory->list[i];
                if (told->told_usec > 0)
                        json_array_append_new(list, json_pack("{s:s, s:O, s:b, s:I}", "key", told->key, "accounts", told->accounts,
                                                              "warning", (int) told->warning,
                                                              "told-usec", (json_int_t) told->told_usec));
        }
        return list;
}

static int write_file(const char *path, const json_t *document) {
        _cleanup_free_ char *temporary = NULL;
        _cleanup_close_ int fd = -1;

        if (asprintf(&temporary, "%s.new", path) < 0)
                return -ENOMEM;
        fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0)
                return -errno;
        if (json_dumpfd(document, fd, JSON_INDENT(1) | JSON_SORT_KEYS) < 0 || rename(temporary, path) < 0) {
                int r = -errno;
                unlink(temporary);
                return r < 0 ? r : -EIO;
        }
        return 0;
}

static int make_folders(const char *path) {
        _cleanup_free_ char *folder = strdup(path);
        if (!folder)
                return -ENOMEM;
        for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
                *slash = '\0';
                if (mkdir(folder, 0700) < 0 && errno != EEXIST)
                        return -errno;
                *slash = '/';
        }
        return 0;
}

int memory_save(Memory *memory) {
        if (!memory->path || !memory->changed)
                return 0;
        json_t *document = json_pack("{s:i, s:o, s:O, s:O}", "version", VERSION, "told", write_told(memory),
                                     "critical", memory->critical, "muted", memory->muted);
        int r = document ? make_folders(memory->path) : -ENOMEM;
        if (r >= 0)
                r = write_file(memory->path, document);
        json_decref(document);
        memory->changed = r < 0;
        return r;
}

char *memory_default_path(void) {
        const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
        char *path;

        if (state && *state == '/')
                return asprintf(&path, "%s/maildiag/notifier.json", state) < 0 ? NULL : path;
        if (!home || *home != '/')
                return NULL;
        return asprintf(&path, "%s/.local/state/maildiag/notifier.json", home) < 0 ? NULL : path;
}
