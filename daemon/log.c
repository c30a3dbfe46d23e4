/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Messages.  In a unit they are sent to the journal as fields: a line on standard error that begins with "<0>" would
 * be taken for a priority, and what is logged here may come from a worker that was taken over.
 */

#define SD_JOURNAL_SUPPRESS_LOCATION

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <systemd/sd-journal.h>

#include "log.h"
#include "own.h"
#include "text.h"

#define LINE_MAX_BYTES 2048u
#define FIELDS_MAX 8u

static int max_level = LOG_INFO;

void log_set_level(int level) {
        max_level = level;
}

int log_level(void) {
        return max_level;
}

static const char *const levels[] = { "emerg", "alert", "crit", "err", "warning", "notice", "info", "debug" };

const char *log_level_to_string(int level) {
        return levels[level];
}

int log_level_from_string(const char *word) {
        for (size_t i = 0; i < ELEMENTS(levels); i++)
                if (!strcmp(levels[i], word))
                        return (int) i;
        return -EINVAL;
}

/* The ids are explained by systemd/maildiag.catalog; they never change. */
static const struct {
        const char *id;
        int priority;
} events[] = {
        [LOG_EVENT_ACCOUNT_BROKEN] = { "3c693515a92447abbcb8685fcd209f25", LOG_WARNING },
        [LOG_EVENT_ACCOUNT_WORKS] = { "7a0ef995f59647cd8584f1d294632a85", LOG_NOTICE },
        [LOG_EVENT_NETWORK_LOST] = { "7322c0a990494a22bf09be087acdbc9d", LOG_NOTICE },
        [LOG_EVENT_NETWORK_BACK] = { "4249d7ce00774dab941e5f21d1e7836d", LOG_NOTICE },
        [LOG_EVENT_WORKER_LOST] = { "b50e4949c43d4b228e989de57f1bdeff", LOG_WARNING },
        [LOG_EVENT_WORKER_BACK] = { "ebe01b9a9f51475bb5f1ba5ebe896b7b", LOG_NOTICE },
        [LOG_EVENT_PLUGIN_REFUSED] = { "a62158439ae0431a8147203579b65cd8", LOG_WARNING },
        [LOG_EVENT_CONFIG_INVALID] = { "5c1e6b8f5ce145878bd3750b4d438367", LOG_WARNING },
        [LOG_EVENT_STATE_UNUSABLE] = { "11d8c4eda5f746e58cf75678eecf379c", LOG_WARNING },
};

const char *log_event_id(LogEvent event) {
        return events[event].id;
}

/* Whether standard error is a stream to the journal, as systemd tells its services. */
bool log_is_journal(void) {
        const char *stream = secure_getenv("JOURNAL_STREAM");
        unsigned long long device, inode;
        struct stat info;

        return stream && sscanf(stream, "%llu:%llu", &device, &inode) == 2 && fstat(STDERR_FILENO, &info) >= 0 &&
               info.st_dev == device && info.st_ino == inode;
}

/* NULL: out of memory. */
static char *format_line(const char *format, va_list arguments) {
        _cleanup_free_ char *text = NULL;

        int length = vasprintf(&text, format, arguments);
        if (length < 0) {
                text = NULL;
                return NULL;
        }
        return md_text_clean(text, length, LINE_MAX_BYTES);
}

static bool add_field(struct iovec *field, const char *name, const char *value) {
        _cleanup_free_ char *clean = md_text_clean(value, strlen(value), LINE_MAX_BYTES);
        char *text;

        int length = clean ? asprintf(&text, "%s=%s", name, clean) : -1;
        if (length < 0)
                return false;
        *field = (struct iovec) { text, (size_t) length };
        return true;
}

static void send_fields(int priority, const char *id, const char *line, const LogField *fields) {
        struct iovec sent[FIELDS_MAX + 3];
        char level[2] = { (char) ('0' + priority), '\0' };
        size_t n = 0;

        n += add_field(&sent[n], "MESSAGE", line);
        n += add_field(&sent[n], "PRIORITY", level);
        if (id)
                n += add_field(&sent[n], "MESSAGE_ID", id);
        for (size_t i = 0; fields && fields[i].name && i < FIELDS_MAX; i++)
                if (fields[i].value)
                        n += add_field(&sent[n], fields[i].name, fields[i].value);
        sd_journal_sendv(sent, (int) n);
        while (n > 0)
                free(sent[--n].iov_base);
}

static void say(int priority, const char *id, const LogField *fields, const char *format, va_list arguments) {
        if (priority > max_level)
                return;
        _cleanup_free_ char *line = format_line(format, arguments);
        if (!line)
                return;
        if (log_is_journal())
                send_fields(priority, id, line, fields);
        else
                fprintf(stderr, "maildiagd: %s\n", line);
}

void log_line(int priority, const char *format, ...) {
        va_list arguments;

        va_start(arguments, format);
        say(priority, NULL, NULL, format, arguments);
        va_end(arguments);
}

void log_event(LogEvent event, const LogField *fields, const char *format, ...) {
        va_list arguments;

        va_start(arguments, format);
        say(events[event].priority, events[event].id, fields, format, arguments);
        va_end(arguments);
}
