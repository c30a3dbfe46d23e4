/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The frame of a response: tag, status, response code, text.  What lies inside data is read by values.c. */

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "response.h"

static const char *const statuses[] = {
        [IMAP_OK] = "OK",
        [IMAP_NO] = "NO",
        [IMAP_BAD] = "BAD",
        [IMAP_PREAUTH] = "PREAUTH",
        [IMAP_BYE] = "BYE",
};

/* What is still to be read. */
typedef struct Rest {
        const char *at;
        size_t size;
} Rest;

const char *imap_status_to_string(ImapStatus status) {
        return statuses[status];
}

static void rest_skip(Rest *rest, size_t n) {
        assert(n <= rest->size);
        rest->at += n;
        rest->size -= n;
}

static void rest_skip_spaces(Rest *rest) {
        while (rest->size > 0 && *rest->at == ' ')
                rest_skip(rest, 1);
}

/* Takes what stands before the next space, and the spaces. */
static Rest rest_word(Rest *rest) {
        const char *space = memchr(rest->at, ' ', rest->size);
        Rest word = { rest->at, space ? (size_t) (space - rest->at) : rest->size };

        rest_skip(rest, word.size);
        rest_skip_spaces(rest);
        return word;
}

static bool rest_equal(Rest word, const char *string) {
        return word.size == strlen(string) && !strncasecmp(word.at, string, word.size);
}

static int status_from_word(Rest word, ImapStatus *ret) {
        for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
                if (rest_equal(word, statuses[i])) {
                        *ret = (ImapStatus) i;
                        return 0;
                }
        return -EINVAL;
}

static bool is_letter(char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_digit(char c) {
        return c >= '0' && c <= '9';
}

static bool is_one_of(char c, const char *set) {
        return c != '\0' && strchr(set, c);
}

/* A name of data or of a response code: a letter, then letters, digits and what vendors put in. */
static bool is_name(Rest word) {
        if (word.size == 0 || !is_letter(*word.at))
                return false;
        for (size_t i = 0; i < word.size; i++)
                if (!is_letter(word.at[i]) && !is_digit(word.at[i]) && !is_one_of(word.at[i], "-._/"))
                        return false;
        return true;
}

/* RFC 9051 section 9: any ASTRING-CHAR but "+". */
static bool is_tag(Rest word) {
        for (size_t i = 0; i < word.size; i++)
                if (word.at[i] <= ' ' || word.at[i] >= 0x7f || is_one_of(word.at[i], "+*%(){\"\\"))
                        return false;
        return word.size > 0;
}

static const char *keep(char **memory, Rest rest) {
        char *text = *memory;

        memcpy(text, rest.at, rest.size);
        text[rest.size] = '\0';
        *memory += rest.size + 1;
        return text;
}

/* The bracket that closes a response code; one inside a quoted string does not (BADCHARSET). */
static const char *code_end(Rest rest) {
        bool quoted = false;

        for (size_t i = 0; i < rest.size; i++) {
                if (rest.at[i] == '"')
                        quoted = !quoted;
                else if (quoted && rest.at[i] == '\\' && i + 1 < rest.size)
                        i++;
                else if (!quoted && rest.at[i] == ']')
                        return &rest.at[i];
        }
        return NULL;
}

/* Takes "[NAME argument]".  Brackets that hold something else belong to the text: Exchange puts diagnostics
 * there. */
static void parse_code(Rest *rest, char **memory, ImapResponse *ret) {
        if (rest->size == 0 || *rest->at != '[')
                return;

        const char *end = code_end(*rest);
        if (!end)
                return;

        Rest argument = { rest->at + 1, (size_t) (end - rest->at) - 1 };
        Rest name = rest_word(&argument);
        if (!is_name(name))
                return;

        ret->code = keep(memory, name);
        ret->argument = argument.size > 0 ? keep(memory, argument) : NULL;
        rest_skip(rest, (size_t) (end - rest->at) + 1);
        rest_skip_spaces(rest);
}

static int parse_status(Rest rest, char **memory, ImapResponse *ret) {
        if (ret->tag && ret->status > IMAP_BAD)
                return IMAP_FAULT_SYNTAX;

        ret->kind = IMAP_STATUS;
        parse_code(&rest, memory, ret);
        ret->text = keep(memory, rest);
        return 0;
}

static int parse_data(Rest word, Rest rest, char **memory, ImapResponse *ret) {
        ImapValue number = { .type = IMAP_ATOM, .text = word.at, .size = word.size };
        if (imap_value_number(&number, &ret->number))
                word = rest_word(&rest);
        if (!is_name(word))
                return IMAP_FAULT_SYNTAX;

        ret->kind = IMAP_DATA;
        ret->name = keep(memory, word);
        ret->text = keep(memory, rest);
        return imap_values_parse(rest.at, rest.size, memory, ret);
}

static int parse_continue(Rest rest, char **memory, ImapResponse *ret) {
        ret->kind = IMAP_CONTINUE;
        ret->text = keep(memory, rest);
        return 0;
}

static int parse_response(Rest rest, char **memory, ImapResponse *ret) {
        Rest first = rest_word(&rest);
        if (rest_equal(first, "+"))
                return parse_continue(rest, memory, ret);
        if (!rest_equal(first, "*")) {
                if (!is_tag(first))
                        return IMAP_FAULT_SYNTAX;
                ret->tag = keep(memory, first);
        }

        Rest second = rest_word(&rest);
        if (status_from_word(second, &ret->status) >= 0)
                return parse_status(rest, memory, ret);
        if (ret->tag)
                return IMAP_FAULT_SYNTAX;
        return parse_data(second, rest, memory, ret);
}

int imap_response_parse(const char *bytes, size_t size, ImapResponse *ret) {
        /* Every text is shorter than what it stands for, by its delimiter; data are kept raw and as
         * values. */
        char *memory = malloc(2 * size + 8);
        if (!memory)
                return -ENOMEM;

        ImapResponse response = { .memory = memory };
        int r = parse_response((Rest) { bytes, size }, &memory, &response);
        assert(memory <= response.memory + 2 * size + 8);
        if (r != 0) {
                imap_response_done(&response);
                return r;
        }

        *ret = response;
        return 0;
}

void imap_response_done(ImapResponse *response) {
        free(response->values);
        free(response->memory);
        *response = (ImapResponse) { 0 };
}

bool imap_line_may_hold_literals(const char *line, size_t size) {
        Rest rest = { line, size };
        ImapStatus status;

        if (!rest_equal(rest_word(&rest), "*"))
                return false;
        return status_from_word(rest_word(&rest), &status) < 0;
}

/* The digits of a length: 0 with its value, or a negative ImapFault. */
static int literal_size(Rest digits, size_t *ret) {
        size_t size = 0;

        if (digits.size == 0 || (digits.size > 1 && *digits.at == '0'))
                return -IMAP_FAULT_LITERAL;
        for (size_t i = 0; i < digits.size; i++) {
                if (!is_digit(digits.at[i]))
                        return -IMAP_FAULT_LITERAL;
                if (size <= IMAP_LITERAL_MAX)
                        size = size * 10 + (size_t) (digits.at[i] - '0');
        }
        if (size > IMAP_LITERAL_MAX)
                return -IMAP_FAULT_LITERAL_SIZE;

        *ret = size;
        return 0;
}

int imap_line_announces(const char *line, size_t size, size_t *ret_size) {
        if (size < 2 || line[size - 1] != '}')
                return 0;

        const char *brace = memrchr(line, '{', size);
        if (!brace)
                return 0;

        Rest digits = { brace + 1, (size_t) (line + size - 1 - (brace + 1)) };
        for (size_t i = 0; i < digits.size; i++)
                if (!is_digit(digits.at[i]) && digits.at[i] != '+' && digits.at[i] != '-')
                        return 0;

        /* "~{" is a literal that may hold NUL (RFC 9051 section 4.3.1); nothing that is asked here has
         * one. */
        if (brace > line && brace[-1] != ' ' && brace[-1] != '(')
                return -IMAP_FAULT_LITERAL;

        int r = literal_size(digits, ret_size);
        return r < 0 ? r : 1;
}
