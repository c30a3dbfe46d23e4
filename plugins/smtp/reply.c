/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* SMTP replies: strict about their form, indifferent to their words. */

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "reply.h"

static bool is_digit(char c) {
        return c >= '0' && c <= '9';
}

/* Three digits, then a space, a hyphen or the end (RFC 5321 section 4.2: some send the code alone). */
static unsigned parse_code(const char *line) {
        if (line[0] < '2' || line[0] > '5' || !is_digit(line[1]) || !is_digit(line[2]))
                return 0;
        if (line[3] != ' ' && line[3] != '-' && line[3] != '\0')
                return 0;
        return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

/* Length of "class.subject.detail" at the start (RFC 3463 section 2), 0 when there is none.  The class has to
 * be that of the reply, or it is something else that looks so, such as a version. */
static size_t enhanced_length(const char *text, char class) {
        size_t n = 1;

        if (text[0] != class || class == '3')
                return 0;
        for (unsigned part = 0; part < 2; part++) {
                size_t digits = 0;
                if (text[n++] != '.')
                        return 0;
                while (digits < 3 && is_digit(text[n]))
                        digits++, n++;
                if (digits == 0)
                        return 0;
        }
        return text[n] == ' ' || text[n] == '\0' ? n : 0;
}

static void add_text(SmtpReply *reply, const char *text) {
        size_t room = sizeof(reply->text) - 1 - reply->n_text, n = strlen(text);

        if (reply->n_text > 0 && room > 0 && n > 0) {
                reply->text[reply->n_text++] = ' ';
                room--;
        }
        n = n < room ? n : room;
        memcpy(reply->text + reply->n_text, text, n);
        reply->n_text += n;
        reply->text[reply->n_text] = '\0';
}

void smtp_reply_begin(SmtpReply *reply) {
        reply->code = reply->n_lines = 0;
        reply->n_text = 0;
        reply->text[0] = reply->enhanced[0] = '\0';
}

int smtp_reply_add(SmtpReply *reply, const char *line, const char **ret_text) {
        unsigned code = parse_code(line);

        if (code == 0)
                return -EBADMSG;
        if (reply->n_lines > 0 && code != reply->code)
                return -EILSEQ;

        const char *text = line[3] ? line + 4 : line + 3;
        size_t n = enhanced_length(text, line[0]);
        if (n > 0) {
                if (!reply->enhanced[0])
                        snprintf(reply->enhanced, sizeof(reply->enhanced), "%.*s", (int) n, text);
                text += n + (text[n] == ' ');
        }
        reply->code = code;
        reply->n_lines++;
        add_text(reply, text);
        *ret_text = text;
        return line[3] == '-' ? SMTP_REPLY_MORE : SMTP_REPLY_LAST;
}

bool smtp_reply_says(const SmtpReply *reply, const char *words) {
        return strcasestr(reply->text, words);
}

void smtp_reply_print(const SmtpReply *reply, char *ret, size_t size) {
        snprintf(ret, size, "%u%s%s%s%s", reply->code, reply->enhanced[0] ? " " : "", reply->enhanced,
                 reply->text[0] ? " " : "", reply->text);
}
