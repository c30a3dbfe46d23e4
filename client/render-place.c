/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Where the setting of a finding sits in the user's app, or how to ask for it. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guide-steps.h"
#include "i18n.h"
#include "render.h"
#include "report.h"

#define COLUMN 12

#define entry(page, indent, tone, head, ...) page_entryf(page, indent, tone, head, (indent) + COLUMN, __VA_ARGS__)

/* A word of a command line that may be pasted into a shell. */
static void put_word(FILE *stream, const char *word) {
        static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.=-_@:+,";
        if (strspn(word, plain) == strlen(word)) {
                fputs(word, stream);
                return;
        }
        fputc('\'', stream);
        for (; *word; word++)
                fputs(*word == '\'' ? "'\\''" : (char[]) { *word, '\0' }, stream);
        fputc('\'', stream);
}

/* "--setting smtp.security=tls", for the command line of the guide. */
static void put_setting(FILE *stream, const json_t *finding, const char *setting, const char *value) {
        char *word = NULL;
        if (asprintf(&word, "%s.%s%s%s", report_text(finding, "service"), setting, *value ? "=" : "", value) < 0)
                return;
        fputs(" --setting ", stream);
        put_word(stream, word);
        free(word);
}

/* How to ask for the place: the command that shows it, for whichever app. */
static void render_guide_hint(Page *page, unsigned indent, const json_t *finding) {
        char *text = NULL;
        size_t i, size;
        json_t *change;
        FILE *stream = open_memstream(&text, &size);
        if (!stream)
                return;

        json_array_foreach(json_object_get(finding, "changes"), i, change)
                put_setting(stream, finding, report_text(change, "setting"), report_text(change, "to"));
        if (i == 0)
                put_setting(stream, finding, report_text(finding, "setting"), report_text(finding, "suggested"));
        fclose(stream);
        entry(page, indent, TONE_FAINT, _("In the app"), _("maildiag guide APP%s shows where it is"), text);
        free(text);
}

void render_place_in_app(Page *page, unsigned indent, const json_t *finding, const Guide *guide) {
        const char *setting = report_text(finding, "setting");
        bool unverified;
        size_t i;
        json_t *step;

        if (!guide_setting(guide_side(report_text(finding, "service")), setting) || !*report_text(finding, "service") ||
            report_number(finding, "port") == 0)
                return;
        if (!guide) {
                render_guide_hint(page, indent, finding);
                return;
        }
        json_t *steps = guide_steps_finding(guide, finding, &unverified);
        json_array_foreach(steps, i, step)
                entry(page, indent, TONE_FAINT, i == 0 ? _("In the app") : "", "%zu. %s", i + 1,
                      json_string_value(step) ?: "");
        json_decref(steps);
}
