/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The gate of the system instance: every call of its interfaces passes here before anything else looks at it.
 *
 * What a member needs stands in one table, and what stands in none is for root.  Where the bouncer cannot let a caller in by
 * himself polkit is asked, and the call waits; then it is put before all others again, and passes.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "bouncer.h"
#include "bus-private.h"
#include "dbus/names.h"
#include "own.h"
#include "polkit.h"

#define VISITORS_MAX 64u
#define VISITORS_OF_USER 8u

typedef struct Visitor {
        TAILQ_ENTRY(Visitor) entry;
        BusGate *gate;
        sd_bus_message *call;
        uid_t uid;
        Right right;
        bool admitted;                  /* it is on its way back */
        PolkitQuestion *question;
        BusCaller *watched;             /* NULL: he has left, or is not watched yet */
} Visitor;

struct BusGate {
        Manager *manager;
        size_t n;
        TAILQ_HEAD(Visitors, Visitor) visitors;
};

/* ---- what a call needs ---- */

static const struct {
        const char *interface, *member;
        Right right;
} rights[] = {
        { MAILDIAG_INTERFACE_MANAGER, "CheckServer", RIGHT_CHECK_SERVER },
        { MAILDIAG_INTERFACE_MANAGER, "CheckSettings", RIGHT_CHECK_SERVER },
        { MAILDIAG_INTERFACE_MANAGER, "StartCheckSettings", RIGHT_CHECK_SERVER },
        { MAILDIAG_INTERFACE_MANAGER, "StartCheckAccounts", RIGHT_CHECK_SERVER },
        { MAILDIAG_INTERFACE_MANAGER, "Discover", RIGHT_CHECK_SERVER },
        { MAILDIAG_INTERFACE_MANAGER, "StartDiscover", RIGHT_CHECK_SERVER },
        { MAILDIAG_INTERFACE_MANAGER, "CheckAccount", RIGHT_CHECK_ACCOUNT },
        { MAILDIAG_INTERFACE_MANAGER, "StartCheck", RIGHT_CHECK_ACCOUNT },
        { MAILDIAG_INTERFACE_MANAGER, "ImportAccounts", RIGHT_IMPORT },
        { MAILDIAG_INTERFACE_MANAGER, "Reload", RIGHT_MANAGE },
        { MAILDIAG_INTERFACE_MANAGER, "Mute", RIGHT_NONE },
        { MAILDIAG_INTERFACE_MANAGER, "ListAccounts", RIGHT_NONE },
        { MAILDIAG_INTERFACE_MANAGER, "GetAccount", RIGHT_NONE },
        { MAILDIAG_INTERFACE_MANAGER, "ListSources", RIGHT_NONE },
        { MAILDIAG_INTERFACE_MANAGER, "ValidateAccount", RIGHT_NONE },
        { MAILDIAG_INTERFACE_MANAGER, "ListJobs", RIGHT_NONE },
        { MAILDIAG_INTERFACE_MANAGER, "ListPlugins", RIGHT_NONE },
        { MAILDIAG_INTERFACE_MANAGER, "ListFindings", RIGHT_NONE },
        { MAILDIAG_INTERFACE_MANAGER, "Describe", RIGHT_NONE },
        { MAILDIAG_INTERFACE_MANAGER, "Explain", RIGHT_NONE },
        { MAILDIAG_INTERFACE_MANAGER, "ExplainText", RIGHT_NONE },
        { MAILDIAG_INTERFACE_ACCOUNT, "Check", RIGHT_CHECK_ACCOUNT },
        { MAILDIAG_INTERFACE_ACCOUNT, "Describe", RIGHT_VIEW },
        /* Jobs look at their caller themselves. */
        { MAILDIAG_INTERFACE_JOB, "Cancel", RIGHT_NONE },
        { MAILDIAG_INTERFACE_JOB, "GetResult", RIGHT_NONE },
        { MAILDIAG_INTERFACE_JOB, "Describe", RIGHT_NONE },
};

/* What everybody may read of an account. */
static const char *const public_properties[] = {
        "Id", "Source", "Status", "StatusSinceUSec", "LastCheckUSec", "MutedUntilUSec",
};

static Right right_of_property(sd_bus_message *call) {
        const char *interface, *property;

        int r = sd_bus_message_read(call, "ss", &interface, &property);
        sd_bus_message_rewind(call, true);
        if (r < 0 || strcmp(interface, MAILDIAG_INTERFACE_ACCOUNT))
                return RIGHT_NONE;
        for (size_t i = 0; i < ELEMENTS(public_properties); i++)
                if (!strcmp(public_properties[i], property))
                        return RIGHT_NONE;
        return RIGHT_VIEW;
}

/* Interfaces that are not ours show what is public: sd-bus leaves the rest out of them. */
static Right right_of(sd_bus_message *call) {
        const char *interface = sd_bus_message_get_interface(call), *member = sd_bus_message_get_member(call);

        if (!interface)
                return RIGHT_MANAGE;
        if (!strcmp(interface, "org.freedesktop.DBus.Properties"))
                return strcmp(member, "Get") ? strcmp(member, "GetAll") ? RIGHT_MANAGE : RIGHT_NONE : right_of_property(call);
        if (!strncmp(interface, "org.freedesktop.DBus.", strlen("org.freedesktop.DBus.")))
                return RIGHT_NONE;
        for (size_t i = 0; i < ELEMENTS(rights); i++)
                if (!strcmp(rights[i].interface, interface) && !strcmp(rights[i].member, member))
                        return rights[i].right;
        return RIGHT_MANAGE;
}

/* ---- who waits ---- */

static Visitor *visitor_free(Visitor *visitor) {
        if (!visitor)
                return NULL;
        TAILQ_REMOVE(&visitor->gate->visitors, visitor, entry);
        visitor->gate->n--;
        bus_caller_forget(visitor->watched);
        polkit_withdraw(visitor->question);
        sd_bus_message_unref(visitor->call);
        free(visitor);
        return NULL;
}

static Visitor *find_visitor(const BusGate *gate, const sd_bus_message *call) {
        Visitor *visitor;
        TAILQ_FOREACH(visitor, &gate->visitors, entry)
                if (visitor->call == call)
                        return visitor;
        return NULL;
}

static size_t visitors_of(const BusGate *gate, uid_t uid) {
        const Visitor *visitor;
        size_t n = 0;
        TAILQ_FOREACH(visitor, &gate->visitors, entry)
                n += visitor->uid == uid;
        return n;
}

static void on_left(void *userdata) {
        Visitor *visitor = userdata;

        visitor->watched = NULL;
        visitor_free(visitor);
}

static void refuse(Visitor *visitor, PolkitAnswer answer, const char *why) {
        const char *text = right_refusal(visitor->right);

        if (answer == POLKIT_CHALLENGE)
                sd_bus_reply_method_errorf(visitor->call, SD_BUS_ERROR_INTERACTIVE_AUTHORIZATION_REQUIRED,
                                           "%s, or who proves that he may: the call has to allow that he is asked", text);
        else if (answer == POLKIT_ABSENT)
                sd_bus_reply_method_errorf(visitor->call, SD_BUS_ERROR_ACCESS_DENIED, "%s (%s)", text, why);
        else
                sd_bus_reply_method_errorf(visitor->call, SD_BUS_ERROR_ACCESS_DENIED, "%s", text);
}

static void on_answer(PolkitAnswer answer, const char *why, void *userdata) {
        Visitor *visitor = userdata;

        visitor->question = NULL;
        visitor->admitted = answer == POLKIT_YES &&
                            sd_bus_enqueue_for_read(sd_bus_message_get_bus(visitor->call), visitor->call) >= 0;
        if (visitor->admitted)
                return;
        refuse(visitor, answer, why);
        visitor_free(visitor);
}

/* ---- at the gate ---- */

static int ask(Visitor *visitor) {
        sd_bus *bus = sd_bus_message_get_bus(visitor->call);
        const char *sender = sd_bus_message_get_sender(visitor->call);
        bool interactive = sd_bus_message_get_allow_interactive_authorization(visitor->call) > 0;

        int r = bus_caller_watch(bus_callers(visitor->gate->manager->bus), sender, on_left, visitor, &visitor->watched);
        if (r >= 0)
                r = polkit_ask(bus, sender, right_to_action(visitor->right), interactive, on_answer, visitor,
                               &visitor->question);
        return r;
}

static int keep_waiting(BusGate *gate, sd_bus_message *call, uid_t uid, Right right, sd_bus_error *error) {
        if (gate->n >= VISITORS_MAX || visitors_of(gate, uid) >= VISITORS_OF_USER)
                return bus_error_from(error, -EUSERS, "too many calls wait for polkit");
        Visitor *visitor = calloc(1, sizeof(*visitor));
        if (!visitor)
                return bus_error_from(error, -ENOMEM, NULL);
        *visitor = (Visitor) { .gate = gate, .call = sd_bus_message_ref(call), .uid = uid, .right = right };
        TAILQ_INSERT_TAIL(&gate->visitors, visitor, entry);
        gate->n++;
        int r = ask(visitor);
        if (r < 0) {
                visitor_free(visitor);
                return bus_error_from(error, r, NULL);
        }
        return 1;
}

static int on_call(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        BusGate *gate = userdata;
        Visitor *visitor = find_visitor(gate, call);
        uint8_t type;
        uid_t uid;

        if (visitor) {
                visitor_free(visitor);
                return 0;
        }
        if (sd_bus_message_get_type(call, &type) < 0 || type != SD_BUS_MESSAGE_METHOD_CALL)
                return 0;
        Right right = right_of(call);
        if (right == RIGHT_NONE)
                return 0;
        int r = bouncer_admit(gate->manager->bouncer, call, &uid, error);
        if (r < 0)
                return r;
        return bouncer_has(gate->manager->bouncer, uid, right) ? 0 : keep_waiting(gate, call, uid, right, error);
}

int bus_gate_new(sd_bus *bus, Manager *manager, BusGate **ret) {
        BusGate *gate = calloc(1, sizeof(*gate));
        if (!gate)
                return -ENOMEM;
        gate->manager = manager;
        TAILQ_INIT(&gate->visitors);
        int r = sd_bus_add_filter(bus, NULL, on_call, gate);
        if (r < 0) {
                free(gate);
                return r;
        }
        *ret = gate;
        return 0;
}

BusGate *bus_gate_free(BusGate *gate) {
        while (gate && !TAILQ_EMPTY(&gate->visitors))
                visitor_free(TAILQ_FIRST(&gate->visitors));
        free(gate);
        return NULL;
}
