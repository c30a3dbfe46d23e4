/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* org.freedesktop.PolicyKit1.Authority: CheckAuthorization, and CancelCheckAuthorization where nobody waits any more. */

#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "polkit.h"

#define POLKIT "org.freedesktop.PolicyKit1"
#define AUTHORITY_PATH "/org/freedesktop/PolicyKit1/Authority"
#define AUTHORITY "org.freedesktop.PolicyKit1.Authority"
#define ALLOW_INTERACTION 1u

struct PolkitQuestion {
        sd_bus *bus;
        sd_bus_slot *slot;
        PolkitHandler handler;
        void *userdata;
        char id[32];                    /* to cancel it by */
};

static void question_free(PolkitQuestion *question) {
        sd_bus_slot_unref(question->slot);
        sd_bus_unref(question->bus);
        free(question);
}

static PolkitAnswer read_answer(sd_bus_message *reply, char *why, size_t size) {
        const sd_bus_error *error = sd_bus_message_get_error(reply);
        int authorized, challenge;

        if (error) {
                snprintf(why, size, "polkit cannot be asked: %s", error->message ? error->message : error->name);
                return POLKIT_ABSENT;
        }
        if (sd_bus_message_enter_container(reply, 'r', "bba{ss}") < 0 ||
            sd_bus_message_read(reply, "bb", &authorized, &challenge) < 0) {
                snprintf(why, size, "polkit gave an answer that cannot be read");
                return POLKIT_ABSENT;
        }
        return authorized ? POLKIT_YES : challenge ? POLKIT_CHALLENGE : POLKIT_NO;
}

static int on_reply(sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        PolkitQuestion *question = userdata;
        PolkitHandler handler = question->handler;
        void *owner = question->userdata;
        char why[512];

        PolkitAnswer answer = read_answer(reply, why, sizeof(why));
        question_free(question);
        handler(answer, answer == POLKIT_ABSENT ? why : NULL, owner);
        return 0;
}

static int compose(PolkitQuestion *question, const char *name, const char *action, bool interactive,
                   sd_bus_message **ret) {
        sd_bus_message *call = NULL;

        int r = sd_bus_message_new_method_call(question->bus, &call, POLKIT, AUTHORITY_PATH, AUTHORITY,
                                               "CheckAuthorization");
        if (r >= 0)
                r = sd_bus_message_append(call, "(sa{sv})sa{ss}us", "system-bus-name", 1, "name", "s", name, action, 0,
                                          interactive ? ALLOW_INTERACTION : 0u, question->id);
        if (r < 0) {
                sd_bus_message_unref(call);
                return r;
        }
        *ret = call;
        return 0;
}

/* A person takes as long as it takes to type a password. */
static int send_question(PolkitQuestion *question, const char *name, const char *action, bool interactive) {
        sd_bus_message *call = NULL;

        int r = compose(question, name, action, interactive, &call);
        if (r < 0)
                return r;
        r = sd_bus_call_async(question->bus, &question->slot, call, on_reply, question, interactive ? UINT64_MAX : 0);
        sd_bus_message_unref(call);
        return r;
}

int polkit_ask(sd_bus *bus, const char *name, const char *action, bool interactive, PolkitHandler handler, void *userdata,
               PolkitQuestion **ret) {
        static uint64_t last_id;
        PolkitQuestion *question = calloc(1, sizeof(*question));

        if (!question)
                return -ENOMEM;
        *question = (PolkitQuestion) { .bus = sd_bus_ref(bus), .handler = handler, .userdata = userdata };
        snprintf(question->id, sizeof(question->id), "maildiag-%" PRIu64, ++last_id);
        int r = send_question(question, name, action, interactive);
        if (r < 0) {
                question_free(question);
                return r;
        }
        *ret = question;
        return 0;
}

PolkitQuestion *polkit_withdraw(PolkitQuestion *question) {
        sd_bus_message *call = NULL;

        if (!question)
                return NULL;
        if (sd_bus_message_new_method_call(question->bus, &call, POLKIT, AUTHORITY_PATH, AUTHORITY,
                                           "CancelCheckAuthorization") >= 0 &&
            sd_bus_message_append(call, "s", question->id) >= 0 &&
            sd_bus_message_set_expect_reply(call, false) >= 0 &&
            sd_bus_message_set_auto_start(call, false) >= 0)
                sd_bus_send(question->bus, call, NULL);
        sd_bus_message_unref(call);
        question_free(question);
        return NULL;
}
