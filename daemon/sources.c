/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Readings in turn.
 *
 * A reading is a list of places of one source, one probe after the other; when the last has ended, all of it is taken over
 * together.  One at a time runs of all sources: they are short, and nobody waits for them but at the start.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "log.h"
#include "own.h"
#include "source-log.h"
#include "source-watch.h"
#include "sources.h"

#define ENTRIES_MAX 16u
#define READINGS_MAX 64u
#define CHANGE_USEC (500u * 1000u)      /* from a change to the next reading */
#define TIMEOUT_MS 10000u

typedef struct Entry {
        Sources *sources;
        Source source;                  /* owns its texts */
        char *first;                    /* for people: where its files usually are */
        SourceWatch *watch;
        size_t n_places;
        char *places[SOURCES_PLACES_MAX];
        char *told;                     /* its faults, as they were told last */
        bool is_read;                   /* once, or it cannot be */
} Entry;

typedef struct Import Import;

typedef struct Reading {
        TAILQ_ENTRY(Reading) entry;
        Entry *of;
        Import *import;                 /* NULL: nobody waits for it */
        bool dry_run;
        char *only;                     /* the place that alone is read; NULL: all */
        size_t n_logs;
        ProbeLog *logs[1 + SOURCES_PLACES_MAX];
} Reading;

/* Somebody who waits for readings. */
struct Import {
        SourcesDone done;
        void *userdata;
        size_t n_readings;
        int r;
        size_t n, size;
        char **ids;
};

struct Sources {
        sd_event *event;
        Crew *crew;
        Accounts *accounts;
        char *home;
        char *chosen;                   /* NULL: all */
        uint64_t change_usec;
        SourcesHooks hooks;
        size_t n;
        Entry *entries[ENTRIES_MAX];
        size_t n_readings;
        TAILQ_HEAD(Readings, Reading) readings;
        LinkProbe *probe;               /* of the first reading; NULL: none runs */
        sd_event_source *next;
};

static void go_on_soon(Sources *sources) {
        sd_event_source_set_enabled(sources->next, SD_EVENT_ONESHOT);
}

/* Whether the configuration wants it read. */
static bool is_chosen(const Sources *sources, const char *program) {
        size_t length = strlen(program);

        for (const char *at = sources->chosen; at && *at; at += strcspn(at, " ")) {
                at += strspn(at, " ");
                if (strcspn(at, " ") == length && !strncmp(at, program, length))
                        return true;
        }
        return !sources->chosen;
}

/* ---- who waits ---- */

static void import_end(Import *import) {
        if (!import || --import->n_readings > 0)
                return;
        import->done(import->userdata, import->r, (const char *const *) import->ids, import->r < 0 ? 0 : import->n);
        for (size_t i = 0; i < import->n; i++)
                free(import->ids[i]);
        free(import->ids);
        free(import);
}

static int import_add(Import *import, const char *id) {
        if (import->n == import->size) {
                size_t size = import->size ? import->size * 2 : 16;
                char **larger = reallocarray(import->ids, size, sizeof(char *));
                if (!larger)
                        return -ENOMEM;
                import->ids = larger;
                import->size = size;
        }
        import->ids[import->n] = strdup(id);
        if (!import->ids[import->n])
                return -ENOMEM;
        import->n++;
        return 0;
}

/* ---- readings ---- */

static Reading *reading_free(Reading *reading) {
        if (!reading)
                return NULL;
        for (size_t i = 0; i < reading->n_logs; i++)
                probe_log_free(reading->logs[i]);
        free(reading->only);
        free(reading);
        return NULL;
}

static void reading_drop(Sources *sources, Reading *reading, int r) {
        Import *import = reading->import;

        TAILQ_REMOVE(&sources->readings, reading, entry);
        sources->n_readings--;
        if (import && r < 0)
                import->r = r;
        reading_free(reading);
        import_end(import);
}

static int reading_add(Entry *entry, Import *import, const char *only, bool dry_run) {
        Sources *sources = entry->sources;

        if (sources->n_readings == READINGS_MAX)
                return -EUSERS;
        Reading *reading = calloc(1, sizeof(*reading));
        if (!reading || (only && !(reading->only = strdup(only)))) {
                free(reading);
                return -ENOMEM;
        }
        reading->of = entry;
        reading->import = import;
        reading->dry_run = dry_run;
        if (import)
                import->n_readings++;
        TAILQ_INSERT_TAIL(&sources->readings, reading, entry);
        sources->n_readings++;
        go_on_soon(sources);
        return 0;
}

static const char *place_at(const Reading *reading, size_t i) {
        return reading->only ? reading->only : i > 0 ? reading->of->places[i - 1] : NULL;
}

static size_t n_places(const Reading *reading) {
        return reading->only ? 1 : 1 + reading->of->n_places;
}

/* ---- what was read ---- */

static int give_logs(void *userdata, const SourceSink *sink) {
        const Reading *reading = userdata;
        int r = 0;

        for (size_t i = 0; r >= 0 && i < reading->n_logs; i++)
                r = source_log_read(reading->logs[i], &reading->of->source, sink);
        return r;
}

static int note_account(void *userdata, Account *account) {
        int r = userdata ? import_add(userdata, account->id) : 0;
        account_free(account);
        return r;
}

static int note_fault(void *userdata, const char *path, unsigned line, const char *text) {
        return 0;
}

static int tell_import(const Reading *reading) {
        const SourceSink sink = { note_account, note_fault, reading->import };
        return reading->import ? give_logs((void *) reading, &sink) : 0;
}

/* A probe is asked for what lies in its places only, and may say anything. */
static bool may_watch(const Sources *sources, const ProbeLog *log, const char *path) {
        const char *folder = log->target.place ? log->target.place : sources->home;
        size_t length = strlen(folder);

        return !strncmp(path, folder, length) && (path[length] == '/' || path[length] == '\0') && !strstr(path, "/../");
}

static void watch_files(Sources *sources, const Reading *reading) {
        const char *paths[512];
        size_t n = 0;

        for (size_t i = 0; i < reading->n_logs; i++)
                for (const MdRecord *record = NULL; (record = probe_log_next(reading->logs[i], record, "watch"));) {
                        const char *path = md_record_text(record, "path");
                        if (n < ELEMENTS(paths) && may_watch(sources, reading->logs[i], path))
                                paths[n++] = path;
                }
        int r = source_watch_set(reading->of->watch, paths, n);
        if (r < 0)
                log_line(LOG_WARNING, "changes of %s are not noticed: %s", reading->of->source.title, strerror(-r));
        /* What changed before the watch was there was read too early. */
        else if (r > 0)
                reading_add(reading->of, NULL, NULL, false);
}

static bool is_whole(const Reading *reading) {
        for (size_t i = 0; i < reading->n_logs; i++)
                if (!source_log_is_whole(reading->logs[i]))
                        return false;
        return true;
}

/* The faults of a source, one a line.  NULL: out of memory. */
static char *faults_text(const Accounts *accounts, const Source *source) {
        char *text = NULL;
        size_t size;
        FILE *file = open_memstream(&text, &size);

        for (size_t i = 0; file && i < accounts_n_faults(accounts); i++) {
                const AccountsFault *fault = accounts_fault_at(accounts, i);
                if (fault->source == source)
                        fprintf(file, "%s:%u: %s\n", fault->path, fault->line, fault->text);
        }
        if (file && fclose(file) == 0)
                return text;
        free(text);
        return NULL;
}

/* The same as last time is no news. */
static void tell_faults(Sources *sources, Entry *entry) {
        char *text = faults_text(sources->accounts, &entry->source);
        bool same = text && entry->told && !strcmp(text, entry->told);

        free(entry->told);
        entry->told = text;
        for (size_t i = 0; !same && i < accounts_n_faults(sources->accounts); i++) {
                const AccountsFault *fault = accounts_fault_at(sources->accounts, i);
                if (fault->source == &entry->source)
                        sources->hooks.fault(fault->path, fault->line, fault->text);
        }
}

static int take(Sources *sources, Reading *reading) {
        Entry *entry = reading->of;

        int r = tell_import(reading);
        if (r < 0 || reading->dry_run || !is_chosen(sources, entry->source.program))
                return r;
        r = accounts_take(sources->accounts, &entry->source, give_logs, reading);
        if (r < 0)
                return r;
        entry->is_read = true;
        if (is_whole(reading))
                watch_files(sources, reading);
        tell_faults(sources, entry);
        sources->hooks.taken(sources->hooks.userdata);
        return 0;
}

/* ---- probes ---- */

static void on_probe(LinkEvent event, void *userdata) {
        Sources *sources = userdata;

        if (event != LINK_PROBE_END)
                return;
        sources->probe = NULL;
        go_on_soon(sources);
}

/* Returns 1 when a probe runs, 0 when there is no room for one now, -errno. */
static int start_probe(Sources *sources, Reading *reading) {
        static const int fds[_MD_TARGET_FD_MAX] = { -1, -1, -1, -1, -1 };
        const MdTarget target = {
                .plugin = (char *) reading->of->source.program, .home = sources->home,
                .place = (char *) place_at(reading, reading->n_logs), .depth = MD_DEPTH_CONNECT, .timeout_ms = TIMEOUT_MS,
                .time_scale = 1,
        };

        if (!crew_has_room(sources->crew, target.plugin))
                return crew_state(sources->crew) == LINK_BROKEN && reading->import ? -EHOSTDOWN : 0;
        ProbeLog *log = probe_log_new(0, PROBE_CONFIGURED, &target, MD_PURPOSE_OTHER);
        if (!log)
                return -ENOMEM;
        int r = crew_start_probe(sources->crew, log, fds, on_probe, sources, &sources->probe);
        if (r < 0) {
                probe_log_free(log);
                return r == -EAGAIN ? 0 : r;
        }
        reading->logs[reading->n_logs++] = log;
        return 1;
}

/* A probe whose worker went is tried again with the next one. */
static void forget_lost(Reading *reading) {
        if (reading->n_logs == 0 || reading->logs[reading->n_logs - 1]->end != PROBE_WORKER_LOST)
                return;
        reading->n_logs--;
        reading->logs[reading->n_logs] = probe_log_free(reading->logs[reading->n_logs]);
}

static int on_next(sd_event_source *source, void *userdata) {
        Sources *sources = userdata;
        Reading *reading;
        int r = 0;

        while (!sources->probe && (reading = TAILQ_FIRST(&sources->readings))) {
                forget_lost(reading);
                r = reading->n_logs < n_places(reading) ? start_probe(sources, reading) : take(sources, reading);
                if (r == 0 && reading->n_logs < n_places(reading))
                        return 0;       /* until there is room */
                if (r > 0)
                        return 0;
                if (r < 0)
                        log_line(LOG_WARNING, "%s cannot be read: %s", reading->of->source.title, strerror(-r));
                reading->of->is_read = true;
                reading_drop(sources, reading, r);
        }
        if (sources_are_settled(sources))
                sources->hooks.settled(sources->hooks.userdata);
        return 0;
}

/* ---- plugins ---- */

static void on_changed(void *userdata) {
        Entry *entry = userdata;
        reading_add(entry, NULL, NULL, false);
}

static Entry *entry_free(Entry *entry) {
        if (!entry)
                return NULL;
        source_watch_free(entry->watch);
        for (size_t i = 0; i < entry->n_places; i++)
                free(entry->places[i]);
        free((char *) entry->source.program);
        free((char *) entry->source.title);
        free(entry->first);
        free(entry->told);
        free(entry);
        return NULL;
}

static Entry *entry_new(Sources *sources, const PluginInfo *plugin) {
        Entry *entry = calloc(1, sizeof(*entry));

        if (!entry)
                return NULL;
        entry->sources = sources;
        entry->source.program = strdup(plugin->name);
        entry->source.title = strdup(plugin->summary);
        if (asprintf(&entry->first, "%s/%s", sources->home, plugin->n_paths > 0 ? plugin->paths[0] : "") < 0)
                entry->first = NULL;
        if (entry->source.program && entry->source.title && entry->first &&
            source_watch_new(sources->event, sources->change_usec, on_changed, entry, &entry->watch) >= 0)
                return entry;
        return entry_free(entry);
}

static Entry *find(const Sources *sources, const char *program) {
        for (size_t i = 0; i < sources->n; i++)
                if (!strcmp(sources->entries[i]->source.program, program))
                        return sources->entries[i];
        return NULL;
}

bool sources_have(const Sources *sources, const char *program) {
        return find(sources, program) != NULL;
}

int sources_set_chosen(Sources *sources, const char *names) {
        char *copy = names ? strdup(names) : NULL;

        if (names && !copy)
                return -ENOMEM;
        free(sources->chosen);
        sources->chosen = copy;
        for (size_t i = 0; i < sources->n; i++)
                if (!is_chosen(sources, sources->entries[i]->source.program))
                        source_watch_set(sources->entries[i]->watch, NULL, 0);
        return 0;
}

static void add_plugins(Sources *sources) {
        const Registry *registry = crew_registry(sources->crew);
        const PluginInfo *plugin;
        size_t at = 0;

        while (registry && sources->n < ENTRIES_MAX && (plugin = registry_next_source(registry, &at))) {
                bool is_new = is_chosen(sources, plugin->name) && !find(sources, plugin->name);
                Entry *entry = is_new ? entry_new(sources, plugin) : NULL;
                if (!entry)
                        continue;
                sources->entries[sources->n++] = entry;
                accounts_add_source(sources->accounts, &entry->source, entry->first);
                reading_add(entry, NULL, NULL, false);
        }
}

void sources_go_on(Sources *sources) {
        add_plugins(sources);
        if (!TAILQ_EMPTY(&sources->readings))
                go_on_soon(sources);
}

bool sources_are_settled(const Sources *sources) {
        for (size_t i = 0; i < sources->n; i++)
                if (!sources->entries[i]->is_read)
                        return false;
        return true;
}

int sources_add_to(const Sources *sources) {
        int r = 0;
        for (size_t i = 0; r >= 0 && i < sources->n; i++)
                if (is_chosen(sources, sources->entries[i]->source.program))
                        r = accounts_add_source(sources->accounts, &sources->entries[i]->source, sources->entries[i]->first);
        return r;
}

void sources_read(Sources *sources) {
        add_plugins(sources);
        for (size_t i = 0; i < sources->n; i++)
                if (is_chosen(sources, sources->entries[i]->source.program))
                        reading_add(sources->entries[i], NULL, NULL, false);
}

/* ---- questions ---- */

static int add_place(Entry *entry, const char *place) {
        for (size_t i = 0; i < entry->n_places; i++)
                if (!strcmp(entry->places[i], place))
                        return 0;
        if (entry->n_places == SOURCES_PLACES_MAX)
                return -E2BIG;
        char *copy = strdup(place);
        if (!copy)
                return -ENOMEM;
        entry->places[entry->n_places++] = copy;
        return 0;
}

static int import_entry(Entry *entry, const char *place, bool dry_run, Import *import) {
        int r = place && !dry_run ? add_place(entry, place) : 0;
        return r < 0 ? r : reading_add(entry, import, dry_run ? place : NULL, dry_run);
}

int sources_import(Sources *sources, const char *program, const char *place, bool dry_run, SourcesDone done, void *userdata) {
        Import *import = calloc(1, sizeof(*import));
        int r = 0;

        if (!import)
                return -ENOMEM;
        *import = (Import) { .done = done, .userdata = userdata };
        for (size_t i = 0; r >= 0 && i < sources->n; i++)
                if (is_chosen(sources, sources->entries[i]->source.program) &&
                    (!program || !strcmp(sources->entries[i]->source.program, program)))
                        r = import_entry(sources->entries[i], place, dry_run, import);
        if (import->n_readings > 0)     /* what was begun answers */
                return 0;
        free(import);
        return r < 0 ? r : -ENOENT;
}

/* ---- life ---- */

int sources_new(sd_event *event, Crew *crew, Accounts *accounts, const char *home, uint32_t time_scale,
                const SourcesHooks *hooks, Sources **ret) {
        Sources *sources = calloc(1, sizeof(*sources));
        if (!sources)
                return -ENOMEM;
        TAILQ_INIT(&sources->readings);
        sources->event = sd_event_ref(event);
        sources->crew = crew;
        sources->accounts = accounts;
        sources->hooks = *hooks;
        sources->change_usec = CHANGE_USEC / time_scale;
        sources->home = strdup(home);
        int r = sources->home ? sd_event_add_defer(event, &sources->next, on_next, sources) : -ENOMEM;
        if (r >= 0)
                r = sd_event_source_set_enabled(sources->next, SD_EVENT_OFF);
        if (r < 0) {
                sources_free(sources);
                return r;
        }
        *ret = sources;
        return 0;
}

Sources *sources_free(Sources *sources) {
        Reading *reading;

        if (!sources)
                return NULL;
        if (sources->probe)
                link_drop_probe(sources->probe, PROBE_CANCELLED);
        while ((reading = TAILQ_FIRST(&sources->readings)))
                reading_drop(sources, reading, -ECANCELED);
        for (size_t i = 0; i < sources->n; i++)
                entry_free(sources->entries[i]);
        sd_event_source_disable_unref(sources->next);
        sd_event_unref(sources->event);
        free(sources->home);
        free(sources->chosen);
        free(sources);
        return NULL;
}
