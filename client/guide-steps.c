/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* From a proposal to sentences: open this, set that.  Settings on one screen of the app are one visit. */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guide-steps.h"
#include "i18n.h"
#include "report.h"

#define CHANGES_MAX 16u

typedef struct Steps {
        const Guide *guide;
        json_t *list;
        bool unverified;
        bool out_of_memory;
} Steps;

__attribute__((format(printf, 2, 3)))
static void add(Steps *steps, const char *format, ...) {
        va_list args;
        char *text = NULL;

        va_start(args, format);
        int n = vasprintf(&text, format, args);
        va_end(args);
        if (n < 0 || json_array_append_new(steps->list, json_string(text)) < 0)
                steps->out_of_memory = true;
        if (n >= 0)
                free(text);
}

/* Adds a sentence to the last step. */
static void amend(Steps *steps, const char *sentence) {
        size_t last = json_array_size(steps->list) - 1;
        char *text = NULL;

        if (json_array_size(steps->list) == 0)
                add(steps, "%s", sentence);
        else if (asprintf(&text, "%s %s", json_string_value(json_array_get(steps->list, last)), sentence) < 0)
                steps->out_of_memory = true;
        else {
                json_array_set_new(steps->list, last, json_string(text));
                free(text);
        }
}

/* Puts `with` in place of each `what`. */
static char *replace(const char *text, const char *what, const char *with) {
        char *result = NULL;
        size_t size;
        FILE *stream = open_memstream(&result, &size);
        if (!stream)
                return NULL;
        for (const char *found; (found = strstr(text, what)); text = found + strlen(what)) {
                fwrite(text, 1, (size_t) (found - text), stream);
                fputs(with, stream);
        }
        fputs(text, stream);
        fclose(stream);
        return result;
}

char *guide_path_text(const char *path) {
        static const struct {
                const char *word;
                const char *text;
        } words[] = {
                { "{account}", N_("your account") },
                { "{server}", N_("the outgoing server") },
                { "{identity}", N_("your identity") },
        };
        char *text = strdup(path);
        for (size_t i = 0; text && i < sizeof(words) / sizeof(words[0]); i++) {
                char *next = replace(text, words[i].word, _(words[i].text));
                free(text);
                text = next;
        }
        return text;
}

const char *guide_value_text(const GuideRow *row, const char *value) {
        static const GuideWord securities[] = {
                { "tls", "SSL/TLS" },
                { "starttls", "STARTTLS" },
                { "none", N_("none") },
        };
        const char *text = guide_word(row, value);
        if (text != value || strcmp(row->setting->name, "security"))
                return text;
        for (size_t i = 0; i < sizeof(securities) / sizeof(securities[0]); i++)
                if (!strcmp(securities[i].word, value))
                        return _(securities[i].text);
        return value;
}

char *guide_line_text(const GuideRow *row, const char *value) {
        return replace(row->line, "{value}", value ? guide_value_text(row, value) : "…");
}

/* A path may end with dots of its own. */
static const char *full_stop(const char *text) {
        size_t length = strlen(text);
        return length > 0 && text[length - 1] == '.' ? "" : ".";
}

/* Another protocol is another account, in every app. */
static void add_protocol(Steps *steps, const GuideChange *change) {
        const GuideRow *row = guide_row(steps->guide, GUIDE_ELSE, "add-account");
        char *path = row && row->screen ? guide_path_text(row->screen->path) : NULL;

        add(steps, _("An account does not change from one protocol to the other: add it again as %s, and remove "
                     "the old one when no message is missing."), !strcmp(change->value ?: "", "pop3") ? "POP3" : "IMAP");
        if (path)
                add(steps, _("Open %s%s%s"), path, full_stop(path), "");
        free(path);
}

static void add_unknown(Steps *steps, const GuideChange *change) {
        const char *title = _(change->setting->title), *name = steps->guide->name;
        if (change->value)
                add(steps, _("%s: set it to %s. Where %s keeps it, this guide does not know."), title, change->value, name);
        else
                add(steps, _("%s: where %s keeps it, this guide does not know."), title, name);
        steps->unverified = true;
}

static void add_line(Steps *steps, const GuideRow *row, const GuideChange *change) {
        char *line = guide_line_text(row, change->value);
        add(steps, _("In %s, among the lines of the account, write: %s"), steps->guide->file, line ?: "");
        free(line);
}

static void add_label(Steps *steps, const GuideRow *row, const GuideChange *change) {
        const char *mark = guide_row_is_sourced(row) ? "" : _(" (unverified)");

        if (!strcmp(row->setting->name, "password"))
                add(steps, _("%s: type the password again.%s"), row->label, mark);
        else if (change->value)
                add(steps, _("%s: set it to %s.%s"), row->label, guide_value_text(row, change->value), mark);
        else
                add(steps, _("Look at %s.%s"), row->label, mark);
}

static void add_screen(Steps *steps, const GuideScreen *screen) {
        char *path = guide_path_text(screen->path), *note = screen->note ? guide_path_text(screen->note) : NULL;
        if (path)
                add(steps, _("Open %s%s%s"), path, full_stop(path), screen->sourced ? "" : _(" (unverified)"));
        if (note)
                amend(steps, note);
        free(note);
        free(path);
}

static void add_row(Steps *steps, const GuideRow *row, const GuideChange *change) {
        if (row->line)
                add_line(steps, row, change);
        else if (row->label)
                add_label(steps, row, change);
        if (row->note && (row->line || row->label))
                amend(steps, row->note);
        else if (row->note)
                add(steps, "%s", row->note);
        steps->unverified = steps->unverified || !guide_row_is_sourced(row);
}

static const char *protocol_of(const GuideChange *change) {
        bool other = !strcmp(change->setting->name, "protocol") && change->value;
        return other ? change->value : change->protocol;
}

static bool speaks(const Guide *guide, const char *protocol) {
        return strcmp(protocol, "smtp") ? strstr(guide->protocols, protocol) != NULL : guide_row(guide, GUIDE_OUT, "host") != NULL;
}

/* An app that does not speak the protocol at all. */
static bool add_foreign(Steps *steps, const GuideChange *changes, size_t n) {
        static const GuideWord foreign[] = {
                { "imap", N_("%s does not fetch with IMAP: use another app for it.") },
                { "pop3", N_("%s does not fetch with POP3: use IMAP there, or another app.") },
                { "smtp", N_("%s does not send: use another app for it.") },
        };
        for (size_t i = 0; i < n; i++)
                for (size_t j = 0; j < sizeof(foreign) / sizeof(foreign[0]); j++)
                        if (!strcmp(protocol_of(&changes[i]), foreign[j].word) && !speaks(steps->guide, foreign[j].word)) {
                                add(steps, _(foreign[j].text), steps->guide->name);
                                return true;
                        }
        return false;
}

static const GuideRow *row_of(const Guide *guide, const GuideChange *change) {
        return guide_row(guide, change->setting->side, change->setting->name);
}

/* All changes on the screen of the first of them. */
static void add_visit(Steps *steps, const GuideChange *changes, size_t n, size_t first, bool *done) {
        const GuideRow *row = row_of(steps->guide, &changes[first]);

        if (!row) {
                add_unknown(steps, &changes[first]);
                return;
        }
        if (row->screen)
                add_screen(steps, row->screen);
        else if (!row->line && steps->guide->file)
                add(steps, _("Open %s%s%s"), steps->guide->file, ".", "");
        for (size_t i = first; i < n; i++) {
                const GuideRow *other = row_of(steps->guide, &changes[i]);
                if (i == first || (!done[i] && other && other->screen == row->screen)) {
                        add_row(steps, other, &changes[i]);
                        done[i] = true;
                }
        }
}

json_t *guide_steps(const Guide *guide, const GuideChange *changes, size_t n, bool *ret_unverified) {
        bool done[CHANGES_MAX] = { false }, valued = false;
        Steps steps = { .guide = guide, .list = json_array() };

        n = n < CHANGES_MAX ? n : CHANGES_MAX;
        bool foreign = add_foreign(&steps, changes, n);
        for (size_t i = 0; i < n && !foreign; i++) {
                valued = valued || changes[i].value;
                if (!strcmp(changes[i].setting->name, "protocol"))
                        add_protocol(&steps, &changes[i]);
                else if (!done[i])
                        add_visit(&steps, changes, n, i, done);
        }
        if (valued)
                add(&steps, "%s", _("Save, and try again."));
        *ret_unverified = steps.unverified;
        if (steps.out_of_memory) {
                json_decref(steps.list);
                return NULL;
        }
        return steps.list;
}

static bool take_change(GuideChange *ret, const char *protocol, const char *name, const char *value) {
        const GuideSetting *setting = guide_setting(guide_side(protocol), name);
        if (setting)
                *ret = (GuideChange) { setting, protocol, *value ? value : NULL };
        return setting;
}

json_t *guide_steps_finding(const Guide *guide, const json_t *finding, bool *ret_unverified) {
        GuideChange changes[CHANGES_MAX];
        const char *protocol = report_text(finding, "service");
        size_t n = 0, i;
        json_t *change;

        json_array_foreach(json_object_get(finding, "changes"), i, change)
                if (n < CHANGES_MAX &&
                    take_change(&changes[n], protocol, report_text(change, "setting"), report_text(change, "to")))
                        n++;
        if (n == 0 && take_change(&changes[0], protocol, report_text(finding, "setting"),
                                  report_text(finding, "suggested")))
                n++;
        return n > 0 ? guide_steps(guide, changes, n, ret_unverified) : NULL;
}
