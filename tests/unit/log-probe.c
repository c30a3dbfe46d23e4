/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Stands in for the probe of the SDK where a test wants to see what is said, not how it travels. */

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalog.h"
#include "log-probe.h"
#include "produced.h"

struct MdProbe {
        char findings[1024];
        char log[256 * 1024];
        char line[64 * 1024];
        size_t used;
};

static const char *produced;

static void note(const char *id) {
        if (produced)
                produced_note("unit", produced, id);
}

void log_produced_begin(const char *name) {
        produced = name;
}

MdProbe *log_probe_new(void) {
        MdProbe *probe = calloc(1, sizeof(*probe));
        assert(probe);
        return probe;
}

MdProbe *log_probe_free(MdProbe *probe) {
        free(probe);
        return NULL;
}

__attribute__((format(printf, 2, 3))) static void say(MdProbe *probe, const char *format, ...) {
        va_list args;
        va_start(args, format);
        int n = vsnprintf(probe->log + probe->used, sizeof(probe->log) - probe->used, format, args);
        va_end(args);
        assert(n >= 0 && probe->used + (size_t) n < sizeof(probe->log));
        probe->used += (size_t) n;
}

static void say_field(MdProbe *probe, const MdField *field) {
        switch (field->type) {
        case 's':
                if (field->text)
                        say(probe, " %s=%s", field->key, field->text);
                break;
        case 'u':
                say(probe, " %s=%llu", field->key, (unsigned long long) field->number);
                break;
        case 'b':
                say(probe, " %s=%s", field->key, field->number ? "yes" : "no");
                break;
        case 'l':
                if (field->list)
                        say(probe, " %s=", field->key);
                for (size_t i = 0; field->list && field->list[i]; i++)
                        say(probe, "%s%s", i ? "," : "", field->list[i]);
                break;
        default:
                assert(false);
        }
}

static void say_fields(MdProbe *probe, const MdField *fields) {
        for (; fields->key; fields++)
                say_field(probe, fields);
        say(probe, "\n");
}

void md_observe_fields(MdProbe *probe, const char *kind, const MdField *fields) {
        say(probe, "%s", kind);
        say_fields(probe, fields);
}

void md_find_fields(MdProbe *probe, const char *id, const char *evidence, const MdField *params) {
        assert(md_catalog_find(md_catalog, md_catalog_size, id));
        say(probe, "finding %s", id);
        say_fields(probe, params);
        if (log_found(probe, id))
                return;
        note(id);
        size_t used = strlen(probe->findings);
        snprintf(probe->findings + used, sizeof(probe->findings) - used, "%s%s", used ? " " : "", id);
}

bool md_found(const MdProbe *probe, const char *id) {
        assert(id);
        return log_found(probe, id);
}

const char *log_findings(const MdProbe *probe) {
        return probe->findings;
}

bool log_found(const MdProbe *probe, const char *id) {
        size_t size = strlen(id);
        for (const char *at = probe->findings; (at = strstr(at, id)); at += size)
                if ((at == probe->findings || at[-1] == ' ') && (at[size] == ' ' || at[size] == '\0'))
                        return true;
        return false;
}

const char *log_text(const MdProbe *probe) {
        return probe->log;
}

const char *log_line(const MdProbe *probe, const char *begin) {
        char *line = ((MdProbe *) probe)->line;
        size_t size = strlen(begin);
        line[0] = '\0';
        for (const char *at = probe->log; *at; at = strchr(at, '\n') + 1)
                if (!strncmp(at, begin, size)) {
                        snprintf(line, sizeof(probe->line), "%.*s", (int) strcspn(at, "\n"), at);
                        break;
                }
        return line;
}
