/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* maildiag guide [APP|TOPIC]: where an app keeps its settings, what they mean, and the steps to a value.  Needs no
 * daemon. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "complain.h"
#include "guide-changes.h"
#include "guide-page.h"
#include "guide-steps.h"
#include "guide-store.h"
#include "guide-topics.h"
#include "i18n.h"
#include "verb.h"

static void print_json(json_t *document) {
        json_dumpf(document, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
        putchar('\n');
        json_decref(document);
}

static void print_overview(const Settings *settings, Guide *const *guides, size_t n) {
        Page page;
        page_init(&page, stdout, settings->colour);

        guide_topic_page(&page, guide_topic_find("protocols"));
        page_blank(&page);
        page_text(&page, TONE_STRONG, _("More to read: maildiag guide TOPIC"));
        guide_topics_page(&page);
        page_blank(&page);
        page_text(&page, TONE_STRONG, _("Where an app keeps its settings: maildiag guide APP"));
        guide_page_list(&page, guides, n);
}

static int overview(const Settings *settings) {
        Guide **guides;
        size_t n;

        int status = guide_load_all(&guides, &n);
        if (status != 0)
                return status;
        if (settings->json) {
                json_t *list = json_array();
                for (size_t i = 0; i < n; i++)
                        json_array_append_new(list, guide_json_head(guides[i]));
                print_json(list);
        } else
                print_overview(settings, guides, n);
        guide_free_all(guides, n);
        return STATUS_FINE;
}

static int topic_page(const Settings *settings, const GuideTopic *topic) {
        Page page;

        if (settings->json || settings->n_guide_settings > 0)
                return complain(STATUS_USAGE, _("guide: '%s' is a text to read; --json and --setting are for an app"),
                                topic->id);
        page_init(&page, stdout, settings->colour);
        guide_topic_page(&page, topic);
        return STATUS_FINE;
}

static int print_steps(const Settings *settings, const Guide *guide, const GuideChanges *changes) {
        bool unverified = false;
        json_t *steps = guide_steps(guide, changes->list, changes->n, &unverified);
        if (!steps)
                return complain_oom();

        if (settings->json) {
                json_t *document = guide_json_head(guide);
                json_object_set_new(document, "steps", json_incref(steps));
                json_object_set_new(document, "status", json_string(unverified ? "unverified" : "sourced"));
                print_json(document);
        } else {
                Page page;
                page_init(&page, stdout, settings->colour);
                guide_page_steps(&page, guide, steps, unverified);
        }
        json_decref(steps);
        return STATUS_FINE;
}

static int app(const Settings *settings, const Guide *guide) {
        GuideChanges changes = { 0 };

        int status = guide_changes_read(settings, &changes);
        if (status == 0 && changes.n > 0)
                status = print_steps(settings, guide, &changes);
        else if (status == 0 && settings->json)
                print_json(guide_json(guide));
        else if (status == 0) {
                Page page;
                page_init(&page, stdout, settings->colour);
                guide_page(&page, guide);
        }
        guide_changes_done(&changes);
        return status;
}

static int run(Settings *settings) {
        Guide *guide;

        if (settings->n_words == 0 && (settings->n_guide_settings > 0 || settings->report_file))
                return complain(STATUS_USAGE, _("guide: which app? As in: maildiag guide thunderbird --setting smtp.port=587"));
        if (settings->n_words == 0)
                return overview(settings);
        const GuideTopic *topic = guide_topic_find(settings->words[0]);
        if (topic)
                return topic_page(settings, topic);
        int status = guide_load(settings->words[0], &guide);
        if (status != 0)
                return status;
        status = app(settings, guide);
        guide_free(guide);
        return status;
}

const Verb verb_guide = {
        .name = "guide",
        .bit = VERB_GUIDE,
        .n_words = 1,
        .synopsis = N_("[APP | TOPIC] [OPTION…]"),
        .summary = N_("Show where a mail app keeps its settings, and what they mean"),
        .description = N_("Without a word: what IMAP, POP3 and SMTP are, and the list of topics and apps. With an app: "
                "where each setting is, with the labels that the app shows. With --setting or --from-report: the steps "
                "that give settings the values that they should have. Needs no network and no daemon."),
        .run = run,
};
