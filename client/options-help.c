/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Help, made from the tables of verbs and options. */

#include <stdio.h>
#include <string.h>

#include "complain.h"
#include "i18n.h"
#include "options.h"
#include "page.h"
#include "verb.h"

#define COLUMN 28                       /* where the explanation of an option begins */

static void print_option(Page *page, const Option *option) {
        char head[128], letter[8] = "    ";
        if (option->letter)
                snprintf(letter, sizeof(letter), "-%c, ", option->letter);
        snprintf(head, sizeof(head), "  %s--%s%s%s", letter, option->name, option->value ? " " : "",
                 option->value ?: "");
        page_entry(page, 0, TONE_PLAIN, head, COLUMN, _(option->help));
}

static void print_heading(Page *page, const char *text) {
        page_blank(page);
        page_text(page, TONE_STRONG, text);
}

/* The options of some verbs, under their headings, in the order of the table. */
static void print_options(Page *page, unsigned verbs, bool shared_only) {
        const char *group = NULL;
        for (size_t i = 0; i < n_options; i++) {
                const Option *option = &options[i];
                if (!option->group || !(option->verbs & verbs) || (shared_only && (option->verbs & VERB_DAEMON) != VERB_DAEMON))
                        continue;
                if (!group || strcmp(group, option->group))
                        print_heading(page, _(option->group));
                group = option->group;
                print_option(page, option);
        }
}

static void print_statuses(Page *page) {
        static const struct {
                int status;
                const char *meaning;
        } statuses[] = {
                { STATUS_FINE, N_("nothing wrong") },
                { STATUS_BROKEN, N_("something broken") },
                { STATUS_UNKNOWN, N_("could not tell") },
                { STATUS_USAGE, N_("a wrong argument") },
                { STATUS_NO_INPUT, N_("no such account, finding or file") },
                { STATUS_NO_DAEMON, N_("no daemon or no bus") },
                { STATUS_NOT_ALLOWED, N_("not allowed") },
        };
        print_heading(page, _("Exit status"));
        for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
                char head[16];
                snprintf(head, sizeof(head), "%4d", statuses[i].status);
                page_entry(page, 0, TONE_PLAIN, head, 6, _(statuses[i].meaning));
        }
}

static void print_usage(Page *page, const char *verb, const char *synopsis, const char *description) {
        char line[256];
        snprintf(line, sizeof(line), "%s maildiag %s%s", _("Usage:"), verb, synopsis);
        page_text(page, TONE_PLAIN, line);
        page_blank(page);
        page_text(page, TONE_PLAIN, description);
}

void options_help(const Verb *const *verbs) {
        Page page;
        page_init(&page, stdout, NULL);

        print_usage(&page, "", _("[OPTION…] VERB …"),
                    _("Finds out why a mail app cannot send or receive: which setting is wrong, and what it should be."));
        print_heading(&page, _("Verbs"));
        for (; *verbs; verbs++) {
                char head[128];
                snprintf(head, sizeof(head), "  %s %s", (*verbs)->name, _((*verbs)->synopsis));
                page_entry(&page, 0, TONE_PLAIN, head, COLUMN, _((*verbs)->summary));
        }
        print_options(&page, VERB_ALL, true);
        page_blank(&page);
        page_text(&page, TONE_PLAIN, _("maildiag VERB --help shows the options of a verb."));
        print_statuses(&page);
}

void options_help_verb(const Verb *verb) {
        Page page;
        page_init(&page, stdout, NULL);

        char name[64];
        snprintf(name, sizeof(name), "%s ", verb->name);
        print_usage(&page, name, _(verb->synopsis), _(verb->description));
        print_options(&page, verb->bit, false);
        print_statuses(&page);
}
