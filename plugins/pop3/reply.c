/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The lines of POP3: a status, a response code, two numbers, a unique id.  Strict, since mail apps are. */

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "reply.h"

static const struct {
        const char *word;
        Pop3Status status;
} statuses[] = {
        { "+OK", POP3_OK },
        { "-ERR", POP3_ERR },
        { "+", POP3_CONTINUE },
};

/* Index of the status word that the line begins with; -1 for none. */
static int find_status(const char *line) {
        for (int i = 0; i < (int) (sizeof(statuses) / sizeof(statuses[0])); i++) {
                size_t n = strlen(statuses[i].word);
                if (!strncasecmp(line, statuses[i].word, n) && (line[n] == '\0' || line[n] == ' '))
                        return i;
        }
        return -1;
}

/* Takes "[CODE]" from the start of the text. */
static const char *take_code(const char *text, char ret[static POP3_CODE_SIZE]) {
        size_t n = *text == '[' ? strcspn(text + 1, "] ") : 0;
        if (n == 0 || text[1 + n] != ']' || n >= POP3_CODE_SIZE)
                return text;
        for (size_t i = 0; i < n; i++)
                ret[i] = (char) toupper((unsigned char) text[1 + i]);
        ret[n] = '\0';
        text += n + 2;
        return text + (*text == ' ');
}

const char *pop3_reply_rest(const char *line) {
        int i = find_status(line);
        if (i < 0)
                return "";
        line += strlen(statuses[i].word);
        return line + (*line == ' ');
}

int pop3_reply_parse(const char *line, Pop3Reply *ret) {
        int i = find_status(line);
        if (i < 0)
                return -EBADMSG;

        *ret = (Pop3Reply) { .status = statuses[i].status };
        const char *text = pop3_reply_rest(line);
        if (ret->status == POP3_ERR)
                text = take_code(text, ret->code);
        snprintf(ret->text, sizeof(ret->text), "%s", text);
        snprintf(ret->line, sizeof(ret->line), "%s", line);
        return 0;
}

/* A message id of RFC 822: "<1896.697170952@dbc.mtview.ca.us>". */
bool pop3_has_timestamp(const char *greeting) {
        for (const char *at = strchr(greeting, '<'); at; at = strchr(at + 1, '<')) {
                size_t left = strcspn(at + 1, "@<> ");
                size_t right = at[1 + left] == '@' ? strcspn(at + 2 + left, "@<> ") : 0;
                if (left > 0 && right > 0 && at[2 + left + right] == '>')
                        return true;
        }
        return false;
}

bool pop3_is_starred(const char *greeting) {
        return strstr(greeting, "****");
}

/* A decimal number up to a space or the end; moves behind it. */
static bool take_number(const char **text, uint64_t *ret) {
        uint64_t value = 0;
        const char *at = *text;
        for (; *at >= '0' && *at <= '9'; at++) {
                if (value > UINT64_MAX / 10 - 1)
                        return false;
                value = value * 10 + (uint64_t) (*at - '0');
        }
        if (at == *text || (*at != '\0' && *at != ' '))
                return false;
        *text = at + strspn(at, " ");
        *ret = value;
        return true;
}

int pop3_stat_parse(const char *text, uint64_t *ret_messages, uint64_t *ret_octets) {
        uint64_t messages, octets;
        if (!take_number(&text, &messages) || !take_number(&text, &octets))
                return -EBADMSG;
        *ret_messages = messages;
        *ret_octets = octets;
        return 0;
}

int pop3_uidl_parse(const char *text, uint64_t number, char ret_uid[static POP3_UID_SIZE]) {
        uint64_t n;
        if (!take_number(&text, &n) || n != number)
                return -EBADMSG;
        size_t length = strcspn(text, " ");
        if (length == 0 || length >= POP3_UID_SIZE)
                return -EBADMSG;
        for (size_t i = 0; i < length; i++)
                if (text[i] < 0x21 || text[i] > 0x7e)
                        return -EBADMSG;
        memcpy(ret_uid, text, length);
        ret_uid[length] = '\0';
        return 0;
}

bool pop3_ends_list(const char *line) {
        return !strcmp(line, ".");
}

const char *pop3_unstuff(const char *line) {
        return *line == '.' ? line + 1 : line;
}
