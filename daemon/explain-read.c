/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Finds the reply of a server in what somebody pasted: alone, behind the words of an app, or in a log.
 *
 * A number alone is no code: ports and times are numbers, too.  It has to stand where a code stands, or be
 * followed by an enhanced one.
 */

#define PCRE2_CODE_UNIT_WIDTH 8

#include <errno.h>
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#include "explain-read.h"

#define MATCH_LIMIT 50000u

/* Groups of a form: 1 is the code, 2 the enhanced one. */
static const struct {
        const char *protocol;
        const char *pattern;
} forms[] = {
        { "pop3", "(-ERR)\\b(?: ?\\[([A-Z/-]+)[^\\]]*\\])?" },
        { "pop3", "^(\\+OK)\\b()" },
        { "smtp", "(?:^|[\\s\"'(:<#])([2-5]\\d\\d)[ -]([245]\\.\\d{1,3}\\.\\d{1,3})\\b" },
        { "imap", "(?:^|[\\s\"'(:])(?:\\*|[A-Za-z]{0,8}\\d{1,8}) (NO|BAD|BYE|PREAUTH|OK)\\b"
                  "(?: \\[([A-Za-z-]+)[^\\]]*\\])?" },
        { "imap", "(?:^|[\"'(:]\\s?)(NO|BAD|BYE|PREAUTH)\\b(?: \\[([A-Za-z-]+)[^\\]]*\\])?" },
        { "imap", "\\b(NO|BAD|BYE) \\[([A-Z-]{4,})[^\\]]*\\]" },
        { "pop3", "()\\[(AUTH|SYS/TEMP|SYS/PERM|LOGIN-DELAY|IN-USE)\\]" },
        { "imap", "()\\[([A-Z]{5,})\\]" },
        { "smtp", "(?:^|[\"'(<#] ?|(?::|\\b(?i:error|code|said|reply|responded|response)) )"
                  "([2-5]\\d\\d)(?:[ -](?!ms\\b|sec|min)|$)()" },
        { "smtp", "(?:^|[:\"'(] ?)()([45]\\.\\d{1,3}\\.\\d{1,3})(?=[\\s:,;]|$)" },
};

typedef struct Match {
        pcre2_code *code;
        pcre2_match_context *limits;
        pcre2_match_data *data;
} Match;

static void match_done(Match *match) {
        pcre2_match_data_free(match->data);
        pcre2_match_context_free(match->limits);
        pcre2_code_free(match->code);
}

static bool match_init(Match *match, const char *pattern) {
        PCRE2_SIZE offset;
        int error;

        match->code = pcre2_compile((PCRE2_SPTR) pattern, PCRE2_ZERO_TERMINATED, PCRE2_UTF, &error, &offset,
                                    NULL);
        match->limits = pcre2_match_context_create(NULL);
        match->data = match->code ? pcre2_match_data_create_from_pattern(match->code, NULL) : NULL;
        if (!match->limits || !match->data)
                return false;
        pcre2_set_match_limit(match->limits, MATCH_LIMIT);
        return true;
}

static void copy_group(const Match *match, uint32_t group, char *ret, size_t size) {
        PCRE2_SIZE length = size;
        if (pcre2_substring_copy_bynumber(match->data, group, (PCRE2_UCHAR *) ret, &length) < 0)
                *ret = '\0';
}

/* Returns 1 when the form is in the text, 0 when not, -ENOMEM. */
static int try_form(Reading *reading, size_t form) {
        Match match = { 0 };
        int r = -ENOMEM;

        if (match_init(&match, forms[form].pattern)) {
                PCRE2_SPTR whole = (PCRE2_SPTR) reading->whole;
                r = pcre2_match(match.code, whole, strlen(reading->whole), 0, 0, match.data, match.limits) > 0;
        }
        if (r > 0) {
                reading->protocol = forms[form].protocol;
                copy_group(&match, 1, reading->code, sizeof(reading->code));
                copy_group(&match, 2, reading->enhanced, sizeof(reading->enhanced));
                reading->rest = reading->whole + pcre2_get_ovector_pointer(match.data)[1];
                reading->rest += strspn(reading->rest, " -:;,");
        }
        match_done(&match);
        return r;
}

int reading_init(Reading *reading, const char *text) {
        int r = 0;

        *reading = (Reading) { .whole = md_reply_text(text) };
        if (!reading->whole)
                return -ENOMEM;
        reading->rest = reading->whole;
        for (size_t i = 0; r == 0 && i < sizeof(forms) / sizeof(forms[0]); i++)
                r = try_form(reading, i);
        if (r >= 0)
                return 0;
        reading_done(reading);
        return r;
}

void reading_done(Reading *reading) {
        free(reading->whole);
        reading->whole = NULL;
}

/* 334 asks for more: with OAuth it carries the refusal.  OK may carry an alert. */
bool reading_is_fine(const Reading *reading) {
        if (!strcmp(reading->code, "+OK"))
                return true;
        if (!strcmp(reading->code, "OK"))
                return strcmp(reading->enhanced, "ALERT");
        return reading->code[0] == '2' || (reading->code[0] == '3' && strcmp(reading->code, "334"));
}
