/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The daemon's messages, to the journal when it has one, else to standard error.  One line each, made harmless.
 *
 * At LOG_INFO and above nothing names a person or a server: ids of accounts, codes of findings, files.  What happens again and
 * again is told when it changes.
 */

#include <stdbool.h>
#include <syslog.h>

/* What an administrator may want to be told of, and the message catalogue of the journal explains. */
typedef enum LogEvent {
        LOG_EVENT_ACCOUNT_BROKEN,
        LOG_EVENT_ACCOUNT_WORKS,
        LOG_EVENT_NETWORK_LOST,
        LOG_EVENT_NETWORK_BACK,
        LOG_EVENT_WORKER_LOST,
        LOG_EVENT_WORKER_BACK,
        LOG_EVENT_PLUGIN_REFUSED,
        LOG_EVENT_CONFIG_INVALID,
        LOG_EVENT_STATE_UNUSABLE,
        _LOG_EVENT_MAX,
} LogEvent;

/* A field of the journal beside the message, such as "MAILDIAG_ACCOUNT". */
typedef struct LogField {
        const char *name;
        const char *value;              /* NULL: it is left out */
} LogField;

/* Messages less important than this (LOG_INFO, …) are dropped; the default is LOG_INFO. */
void log_set_level(int level);
int log_level(void);

/* Words as systemd has them: "emerg" to "debug".  from_string returns -EINVAL for others. */
const char *log_level_to_string(int level);
int log_level_from_string(const char *word);
/* Whether messages go to the journal. */
bool log_is_journal(void);

/* The id of an event's messages, 32 hexadecimal digits. */
const char *log_event_id(LogEvent event);

void log_line(int priority, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The fields end with one without a name; NULL: none. */
void log_event(LogEvent event, const LogField *fields, const char *format, ...) __attribute__((format(printf, 3, 4)));
