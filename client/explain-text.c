/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* maildiag explain 'ERROR': the likeliest meaning in full, the others in a line each, and the command that finds out. */

#include <stdlib.h>
#include <string.h>

#include "complain.h"
#include "explain.h"
#include "i18n.h"
#include "page.h"
#include "report.h"
#include "translate.h"
#include "words.h"

#define COLUMN 12
#define INDENT 2

static const char *part_text(const json_t *entry, const char *key) {
        const char *text = report_text(entry, key);
        return !strcmp(key, "actor") ? actor_text(text) : !strcmp(key, "severity") ? severity_text(text) : translate(text);
}

char *entry_text(const json_t *entry, const char *key) {
        char *copy = strdup(part_text(entry, key)), *end = copy;
        bool inside = false;
        for (const char *c = copy; copy && *c; c++) {
                if (*c == '{' || *c == '}')
                        inside = *c == '{';
                else
                        *end++ = inside && *c >= 'a' && *c <= 'z' ? (char) (*c - 32) : *c;
        }
        if (copy)
                *end = '\0';
        return copy;
}

void print_part(Page *page, const char *head, const json_t *entry, const char *key) {
        char *text = entry_text(entry, key);
        if (text && *text)
                page_entry(page, 0, TONE_FAINT, head, COLUMN, text);
        free(text);
}

static void print_title(Page *page, const json_t *entry) {
        char *title = entry_text(entry, "title");
        page_text(page, TONE_STRONG, title ?: "");
        free(title);
}

static void print_first(Page *page, const json_t *entry) {
        static const struct {
                const char *head;
                const char *key;
        } parts[] = {
                { N_("Meaning"), "meaning" },
                { N_("To do"), "remedy" },
                { N_("To tell"), "apart" },
                { N_("Words of"), "provider" },
                { N_("Who"), "actor" },
                { N_("Setting"), "setting" },
                { N_("Code"), "code" },
        };

        print_title(page, entry);
        page_blank(page);
        for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
                print_part(page, _(parts[i].head), entry, parts[i].key);
}

/* What the same text can also mean: a line, and how to tell. */
static void print_other(Page *page, const json_t *entry) {
        char *title = entry_text(entry, "title");
        const char *apart = translate(report_text(entry, "apart"));

        page_entryf(page, INDENT, TONE_PLAIN, "-", INDENT + 2, "%s (%s)", title ?: "", report_text(entry, "code"));
        if (*apart)
                page_entry(page, INDENT + 2, TONE_FAINT, _("To tell"), COLUMN, apart);
        free(title);
}

static void print_entries(const Settings *settings, const json_t *entries) {
        const json_t *entry, *first = json_array_get(entries, 0);
        size_t i;
        Page page;

        page_init(&page, stdout, settings->colour);
        print_first(&page, first);
        if (json_array_size(entries) > 1) {
                page_blank(&page);
                page_text(&page, TONE_PLAIN, _("The same words can also mean:"));
        }
        json_array_foreach(entries, i, entry)
                if (i > 0)
                        print_other(&page, entry);
        if (*report_text(first, "command")) {
                page_blank(&page);
                page_entry(&page, 0, TONE_FAINT, _("Find out"), COLUMN, report_text(first, "command"));
        }
}

int explain_text(const Settings *settings, Call *call, const char *text) {
        json_t *entries;

        int status = call_explain_text(call, text, "", &entries);
        if (status != 0)
                return status;
        status = json_array_size(entries) > 0 ? STATUS_FINE : STATUS_UNKNOWN;
        if (settings->json) {
                json_dumpf(entries, stdout, JSON_INDENT(2) | JSON_SORT_KEYS);
                putchar('\n');
        } else if (status == STATUS_FINE)
                print_entries(settings, entries);
        else
                complain(status, _("nothing in this text says what is wrong; maildiag check ADDRESS finds out"));
        json_decref(entries);
        return status;
}
