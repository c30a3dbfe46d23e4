/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Notifications in words.
 *
 * The summary names the account and what does not work, the first line of the body the one thing to do, the second one what is
 * wrong.  Servers cut: the summary at 40 characters, the body after three lines, so what matters stands first.
 */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "i18n.h"
#include "own.h"
#include "page.h"
#include "report.h"
#include "text.h"
#include "wording.h"

#define ICON "org.maildiag.Notifier"
#define SENTENCES_MAX 2u                /* proposals of one cause, for receiving and for sending */
#define NAMES_MAX 4u                    /* accounts that are named */

char *wording_clip(const char *text, unsigned columns) {
        _cleanup_free_ char *clean = md_text_clean(text, strlen(text), 4 * NOTICE_SUMMARY_MAX);
        if (!clean || text_width(clean) <= columns)
                return TAKE_PTR(clean);

        size_t length = strlen(clean);
        while (length > 0 && text_width(clean) + 1 > columns) {
                do
                        length--;
                while (length > 0 && ((unsigned char) clean[length] & 0xc0) == 0x80);
                clean[length] = '\0';
        }
        char *clipped;
        return asprintf(&clipped, "%s…", clean) < 0 ? NULL : clipped;
}

/* A name and what is said of it, both in one summary. */
static char *summarise(const char *name, const char *said) {
        _cleanup_free_ char *clipped = NULL;
        char *summary;
        unsigned width = text_width(said) + 2;

        clipped = wording_clip(name, width + 8 < NOTICE_SUMMARY_MAX ? NOTICE_SUMMARY_MAX - width : 8);
        if (!clipped || asprintf(&summary, _("%s: %s"), clipped, said) < 0)
                return NULL;
        return summary;
}

static char *format(const char *pattern, ...) __attribute__((format(printf, 1, 2)));
static char *format(const char *pattern, ...) {
        va_list args;
        char *text;

        va_start(args, pattern);
        int n = vasprintf(&text, pattern, args);
        va_end(args);
        return n < 0 ? NULL : text;
}

/* "3 accounts" */
static char *count_accounts(size_t n) {
        return format(ngettext("%zu account", "%zu accounts", n), n);
}

/* ---- what to do ---- */

static const struct Name {
        const char *word, *name;
} settings[] = {
        { "protocol", N_("protocol") },
        { "host", N_("server name") },
        { "port", N_("port") },
        { "security", N_("connection security") },
        { "username", N_("user name") },
        { "auth", N_("authentication") },
}, securities[] = {
        { "tls", "SSL/TLS" },
        { "starttls", "STARTTLS" },
        { "none", N_("none") },
};

static const char *say(const struct Name *names, size_t n, const char *word) {
        for (size_t i = 0; i < n; i++)
                if (!strcmp(names[i].word, word))
                        return _(names[i].name);
        return word;
}

const char *wording_security(const char *word) {
        return say(securities, ELEMENTS(securities), word);
}

/* "connection security STARTTLS" */
static void put_change(FILE *stream, const char *setting, const char *value) {
        fprintf(stream, "%s %s", say(settings, ELEMENTS(settings), setting),
                strcmp(setting, "security") ? value : wording_security(value));
}

static void put_changes(FILE *stream, const json_t *finding) {
        const json_t *changes = json_object_get(finding, "changes");
        size_t i;
        json_t *change;

        json_array_foreach((json_t *) changes, i, change) {
                fputs(i > 0 ? ", " : "", stream);
                put_change(stream, report_text(change, "setting"), report_text(change, "to"));
        }
        if (json_array_size(changes) == 0)
                put_change(stream, report_text(finding, "setting"), report_text(finding, "suggested"));
}

static bool has_proposal(const json_t *finding) {
        return json_array_size(json_object_get(finding, "changes")) > 0 ||
               (*report_text(finding, "suggested") && *report_text(finding, "setting"));
}

char *wording_proposal(const json_t *finding) {
        char *changes = NULL, *sentence;
        size_t size;
        FILE *stream = has_proposal(finding) ? open_memstream(&changes, &size) : NULL;
        if (!stream)
                return NULL;
        put_changes(stream, finding);
        if (fclose(stream) != 0) {
                free(changes);
                return NULL;
        }
        bool sending = !strcmp(report_text(finding, "service"), "smtp");
        bool tried = json_is_true(json_object_get(finding, "verified"));
        sentence = format(sending ? (tried ? _("Set for sending: %s (tried, works).") : _("Set for sending: %s."))
                                  : (tried ? _("Set for receiving: %s (tried, works).") : _("Set for receiving: %s.")),
                          changes);
        free(changes);
        return sentence;
}

/* The first sentence of a remedy; the others are in the details. */
static char *first_sentence(const char *text) {
        const char *end = text;
        while (*end && !(strchr(".:;", end[0]) && end[1] == ' '))
                end++;
        return format("%.*s%s", (int) (end - text), text, *end ? "." : "");
}

static char *remedy(const json_t *finding) {
        return has_proposal(finding) ? wording_proposal(finding) : first_sentence(report_text(finding, "hint"));
}

/* The same remedy for receiving and sending is said once. */
static char *todo_of(const Cause *cause) {
        _cleanup_free_ char *first = NULL, *second = NULL;
        json_t *finding = json_array_get(cause->findings, 0);

        first = finding ? remedy(finding) : format("%s", _("Open the details."));
        for (size_t i = 1; first && !second && i < json_array_size(cause->findings); i++) {
                finding = json_array_get(cause->findings, i);
                if (has_proposal(finding) && !(second = wording_proposal(finding)))
                        return NULL;
                if (second && !strcmp(first, second)) {
                        free(second);
                        second = NULL;
                }
        }
        return first && second ? format("%s %s", first, second) : TAKE_PTR(first);
}

/* ---- what is wrong ---- */

const char *wording_trouble(const Cause *cause) {
        if (cause->warning)
                return _("needs attention");
        if (cause->receive && cause->send)
                return _("mail does not work");
        return cause->send ? _("cannot send mail") : _("cannot receive mail");
}

/* "Work, Home, …" */
static char *name_accounts(Watched *const *accounts, size_t n) {
        char *names = NULL;
        size_t size;
        FILE *stream = open_memstream(&names, &size);
        if (!stream)
                return NULL;
        for (size_t i = 0; i < n && i < NAMES_MAX; i++)
                fprintf(stream, "%s%s", i > 0 ? ", " : "", watched_title(accounts[i]));
        fputs(n > NAMES_MAX ? ", …" : "", stream);
        return fclose(stream) == 0 ? names : NULL;
}

static char *what_of(const Cause *cause) {
        const char *message = report_text(json_array_get(cause->findings, 0), "message");
        _cleanup_free_ char *names = NULL;

        if (cause->n_accounts < 2)
                return format("%s", *message ? message : report_text(cause->accounts[0]->details, "summary"));
        names = name_accounts(cause->accounts, cause->n_accounts);
        if (!names)
                return NULL;
        return *message ? format(_("%s. Accounts: %s."), message, names) : format(_("Accounts: %s."), names);
}

static char *more_of(const Cause *cause) {
        const Watched *watched = cause->accounts[0];
        if (cause->n_accounts > 1)
                return format("%s", _("More in a terminal: maildiag list"));
        return format(watched->system ? _("More in a terminal: maildiag --system show %s")
                                      : _("More in a terminal: maildiag show %s"), watched->id);
}

static char *summary_of(const Cause *cause) {
        _cleanup_free_ char *count = NULL;

        if (cause->n_accounts == 1)
                return summarise(watched_title(cause->accounts[0]), wording_trouble(cause));
        count = count_accounts(cause->n_accounts);
        return count ? summarise(count, wording_trouble(cause)) : NULL;
}

static char *many_todo(const Cause *cause) {
        return format(ngettext("%zu problem was found: open the details.",
                               "%zu different problems were found: open the details.", cause->n_causes),
                      cause->n_causes);
}

Notice *wording_cause(const Cause *cause, NoticeUrgency urgency) {
        Notice *notice = calloc(1, sizeof(*notice));
        if (!notice)
                return NULL;
        *notice = (Notice) {
                .summary = summary_of(cause),
                .todo = cause->n_causes > 1 ? many_todo(cause) : todo_of(cause),
                .what = what_of(cause),
                .more = more_of(cause),
                .icon = cause->warning ? ICON "-warning" : ICON "-error",
                .urgency = urgency,
        };
        if (!notice->summary || !notice->todo || !notice->what || !notice->more)
                return notice_free(notice);
        return notice;
}

/* ---- short notes ---- */

/* Takes over the summary. */
static Notice *note(char *summary, const char *todo, const char *icon) {
        Notice *notice = summary ? calloc(1, sizeof(*notice)) : NULL;
        if (!notice) {
                free(summary);
                return NULL;
        }
        *notice = (Notice) {
                .summary = summary,
                .todo = strdup(todo),
                .icon = icon,
                .urgency = NOTICE_LOW,
                .transient = true,
        };
        return notice->todo ? notice : notice_free(notice);
}

Notice *wording_recovered(const char *title, size_t n_accounts) {
        _cleanup_free_ char *count = n_accounts == 1 ? strdup(title) : count_accounts(n_accounts);
        return count ? note(summarise(count, _("mail works again")), _("The last check found nothing wrong."), ICON "-ok") : NULL;
}

Notice *wording_checked(const WatchList *list, const char *const *account_keys, size_t n) {
        _cleanup_free_ char *name = NULL;
        const Watched *watched = NULL;
        bool known = true;

        for (size_t i = 0; i < n; i++) {
                watched = watch_list_by_key(list, account_keys[i]);
                known = known && watched && watched->status != WATCHED_UNKNOWN;
        }
        name = n == 1 && watched ? strdup(watched_title(watched)) : count_accounts(n);
        if (!name)
                return NULL;
        if (!known)
                return note(summarise(name, _("could not be checked")), _("Check the network connection."), ICON "-unknown");
        return note(summarise(name, _("mail works")), _("The check found nothing wrong."), ICON "-ok");
}

Notice *wording_no_viewer(void) {
        return note(format("%s", _("The details could not be opened")), _("In a terminal: maildiag list"), ICON);
}
