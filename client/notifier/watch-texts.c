/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Findings in the reader's language: the instance says them in English, and what it has in its catalogue for each code is
 * asked once, translated, and filled in. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "call-private.h"
#include "dbus/names.h"
#include "own.h"
#include "report.h"
#include "translate.h"
#include "watch-private.h"

typedef struct Question {
        Watch *watch;
        char *code;
} Question;

static void question_free(void *userdata) {
        Question *question = userdata;
        if (question)
                free(question->code);
        free(question);
}

/* What has no entry, or none to be had, stays in English. */
static int on_explained(sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        Question *question = userdata;
        Watch *watch = question->watch;
        json_t *entry = NULL;

        watch->n_asked--;
        if (!sd_bus_message_is_method_error(reply, NULL) && call_read_value(reply, &entry) >= 0)
                json_object_set_new(watch->entries, question->code, entry);
        watch_go_on(watch);
        return 0;
}

static int ask(Watch *watch, const char *code) {
        _cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;
        sd_bus_slot *slot = NULL;
        Question *question = calloc(1, sizeof(*question));
        if (!question)
                return -ENOMEM;
        question->watch = watch;
        question->code = strdup(code);

        int r = question->code ? watch_call_new(watch, MAILDIAG_PATH, MAILDIAG_INTERFACE_MANAGER, "Explain", &message)
                               : -ENOMEM;
        if (r >= 0)
                r = sd_bus_message_append(message, "ss", code, "");
        if (r >= 0)
                r = sd_bus_call_async(watch->bus, &slot, message, on_explained, question, 0);
        if (r < 0) {
                question_free(question);
                return r;
        }
        sd_bus_slot_set_destroy_callback(slot, question_free);
        sd_bus_slot_set_floating(slot, true);
        sd_bus_slot_unref(slot);
        watch->n_asked++;
        return 0;
}

/* Once a code. */
static void ask_once(Watch *watch, const char *code) {
        if (!*code || json_object_get(watch->entries, code))
                return;
        json_object_set_new(watch->entries, code, json_null());
        ask(watch, code);
}

void watch_ask_texts(Watch *watch, const json_t *findings) {
        size_t i, k;
        json_t *finding, *alternative;

        json_array_foreach((json_t *) findings, i, finding) {
                ask_once(watch, report_text(finding, "code"));
                json_array_foreach(json_object_get(finding, "alternatives"), k, alternative)
                        ask_once(watch, report_text(alternative, "code"));
        }
}

static const json_t *look_up(void *userdata, const char *code) {
        const Watch *watch = userdata;
        return json_object_get(watch->entries, code);
}

void watch_translate(Watch *watch) {
        for (size_t i = 0; i < watch->list->n; i++) {
                Watched *watched = watch->list->list[i];
                if (watched->system != watch->system || !watched->foreign)
                        continue;
                translate_findings(json_object_get(watched->details, "findings"), look_up, watch);
                watched->foreign = watched->asked = false;
        }
}
