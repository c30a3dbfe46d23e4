/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The notifier as a whole: two instances, a board of notifications, a tray, and what a person does with them. */

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

#define NOTIFIER_NAME "org.maildiag.Notifier"
#define NOTIFIER_PATH "/org/maildiag/Notifier"

typedef struct NotifierOptions {
        uint64_t settle_usec;           /* nothing is said for so long after the start */
        const char *memory;             /* file; NULL: nothing is kept */
        bool system;                    /* watch the instance of the system, too */
        bool tray;
} NotifierOptions;

typedef struct Notifier Notifier;

/* On the session bus; returns 0 or a negative errno. */
int notifier_new(sd_bus *session, sd_event *event, const NotifierOptions *options, Notifier **ret);
Notifier *notifier_free(Notifier *notifier);
/* Shows how everything is, as soon as it is known. */
void notifier_show(Notifier *notifier);
