/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Grammar of RFC 5804 section 4, as far as servers speak it. */

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "response.h"

static bool take_char(const char **at, char c) {
        if (**at != c)
                return false;
        (*at)++;
        return true;
}

/* A quoted string: true with its text, cut to the room there is. */
static bool take_string(const char **at, char *ret, size_t size) {
        size_t n = 0;

        if (!take_char(at, '"'))
                return false;
        for (; **at && **at != '"'; (*at)++) {
                if (**at == '\\' && (*at)[1])
                        (*at)++;
                if (n + 1 < size)
                        ret[n++] = **at;
        }
        ret[n] = '\0';
        return take_char(at, '"');
}

static bool take_word(const char **at, const char *word) {
        size_t n = strlen(word);

        if (strncasecmp(*at, word, n) || ((*at)[n] && (*at)[n] != ' '))
                return false;
        *at += n;
        return true;
}

/* "(CODE)" or "(CODE "string")". */
static bool take_code(const char **at, SieveResponse *response) {
        size_t n = strcspn(*at, " )\"");

        if (n == 0 || n >= sizeof(response->code))
                return false;
        memcpy(response->code, *at, n);
        response->code[n] = '\0';
        *at += n;
        if (take_char(at, ' ') && !take_string(at, response->code_text, sizeof(response->code_text)))
                return false;
        return take_char(at, ')');
}

static int parse_data(const char *at, SieveResponse *response) {
        bool good = take_string(&at, response->name, sizeof(response->name));

        if (good && take_char(&at, ' ')) {
                response->active = take_word(&at, "ACTIVE");
                good = response->active || take_string(&at, response->text, sizeof(response->text));
        }
        return good && !*at ? 0 : -EBADMSG;
}

static int parse_status(const char *at, SieveResponse *response) {
        if (take_char(&at, ' ') && take_char(&at, '(')) {
                if (!take_code(&at, response))
                        return -EBADMSG;
                take_char(&at, ' ');
        }
        if (*at && !take_string(&at, response->text, sizeof(response->text)))
                return -EBADMSG;
        return *at ? -EBADMSG : 0;
}

int sieve_response_parse(const char *line, SieveResponse *ret) {
        static const struct {
                const char *word;
                SieveStatus status;
        } statuses[] = {
                { "OK", SIEVE_OK },
                { "NO", SIEVE_NO },
                { "BYE", SIEVE_BYE },
        };

        *ret = (SieveResponse) { 0 };
        for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
                if (take_word(&line, statuses[i].word)) {
                        ret->status = statuses[i].status;
                        return parse_status(line, ret);
                }
        return parse_data(line, ret);
}

int sieve_response_literal(const char *line, size_t *length, size_t *ret_size) {
        const char *open = *length > 0 && line[*length - 1] == '}' ? memrchr(line, '{', *length) : NULL;
        char *end;

        if (!open)
                return SIEVE_NO_LITERAL;
        errno = 0;
        unsigned long size = strtoul(open + 1, &end, 10);
        if (!isdigit((unsigned char) open[1]) || errno || (strcmp(end, "}") && strcmp(end, "+}")))
                return SIEVE_BAD_LITERAL;
        *length = (size_t) (open - line);
        *ret_size = size;
        return SIEVE_LITERAL;
}
