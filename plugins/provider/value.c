/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The form of single values: what passes here can be handed on without harm. */

#include <stdlib.h>
#include <string.h>

#include "pattern.h"
#include "value.h"

#define NAME_MAX_LENGTH 253u            /* RFC 1035 section 2.3.4, less the two octets around the text */
#define LABEL_MAX 63u
#define ID_MAX 31u                       /* as md_provider() takes them */
#define PAGE_MAX 500u
#define USERNAME_MAX 255u

/* What a letter can be part of.  The table is asked for every letter of the files, and strspn(3) would make one of its own
 * each time. */
enum {
        DIGIT = 1u << 0,
        NAME = 1u << 1,                 /* of a host, in lower case: RFC 952 */
        PATTERN = 1u << 2,
        WEB = 1u << 3,                  /* RFC 3986 section 2 */
};

static const unsigned char letters[256] = {
        ['0' ... '9'] = DIGIT | NAME | PATTERN | WEB,
        ['a' ... 'z'] = NAME | PATTERN | WEB,
        ['A' ... 'Z'] = WEB,
        ['-'] = NAME | PATTERN | WEB,
        ['*'] = PATTERN | WEB,
        ['.'] = WEB, ['_'] = WEB, ['~'] = WEB, [':'] = WEB, ['/'] = WEB, ['?'] = WEB, ['#'] = WEB, ['['] = WEB,
        [']'] = WEB, ['@'] = WEB, ['!'] = WEB, ['$'] = WEB, ['&'] = WEB, ['\''] = WEB, ['('] = WEB, [')'] = WEB,
        ['+'] = WEB, [','] = WEB, [';'] = WEB, ['='] = WEB, ['%'] = WEB,
};

static size_t span(const char *text, unsigned kind) {
        size_t n = 0;
        while (letters[(unsigned char) text[n]] & kind)
                n++;
        return n;
}

const char *const value_auths[] = {
        "password", "encrypted-password", "oauth2", "client-certificate", "none", NULL,
};
const char *const value_protocols[] = { "imap", "pop3", "smtp", NULL };
const char *const value_preconditions[] = {
        "app-password", "service-off", "oauth-only", "bridge", "unsupported", "paid", "own-network", "identify", NULL,
};

bool value_is_one_of(const char *word, const char *const *list) {
        while (*list && strcmp(*list, word))
                list++;
        return *list != NULL;
}

void value_lower(char *text) {
        for (; *text; text++)
                if (*text >= 'A' && *text <= 'Z')
                        *text += 'a' - 'A';
}

const char *value_fault_id(const char *id) {
        size_t length = strlen(id);

        if (length == 0 || length > ID_MAX || span(id, NAME) != length)
                return "is not a name of at most 31 small letters, digits and hyphens";
        return NULL;
}

/* ---- names of hosts and domains ---- */

static const char *fault_label(const char *label, size_t length, unsigned kind) {
        if (length == 0)
                return "has an empty label";
        if (length > LABEL_MAX)
                return "has a label of more than 63 characters";
        if (span(label, kind) < length)
                return "has a character that no host name has (internationalised names are written as xn--…)";
        if (label[0] == '-' || label[length - 1] == '-')
                return "has a label that begins or ends with a hyphen";
        return NULL;
}

static const char *fault_name(const char *name, unsigned kind, size_t *ret_labels) {
        size_t n = 0;

        if (strlen(name) > NAME_MAX_LENGTH)
                return "is longer than 253 characters";
        for (const char *label = name;;) {
                size_t length = (size_t) (strchrnul(label, '.') - label);
                const char *fault = fault_label(label, length, kind);
                if (fault)
                        return fault;
                n++;
                if (!label[length])
                        break;
                label += length + 1;
        }
        *ret_labels = n;
        return NULL;
}

const char *value_fault_domain(const char *domain) {
        size_t labels;
        const char *fault = fault_name(domain, NAME, &labels);

        return fault ? fault : labels < 2 ? "has no dot" : NULL;
}

const char *value_fault_pattern(const char *pattern) {
        size_t labels;
        const char *fault = fault_name(pattern, PATTERN, &labels);

        return fault ? fault : pattern_fault(pattern);
}

static bool is_address(const char *host) {
        const char *c = host;
        while (*c == '.' || letters[(unsigned char) *c] & DIGIT)
                c++;
        return !*c;
}

static const char *fault_plain_host(const char *host) {
        size_t labels;

        if (!strcmp(host, "127.0.0.1") || !strcmp(host, "localhost"))
                return NULL;
        if (is_address(host))
                return "is an address and not a name";
        const char *fault = fault_name(host, NAME, &labels);
        return fault ? fault : labels < 2 ? "has no dot" : NULL;
}

/* "smtp.%EMAILDOMAIN%" is looked at as if it were "smtp.x.x". */
const char *value_fault_host(const char *host) {
        static const char placeholder[] = "%EMAILDOMAIN%";
        const char *at = strchr(host, '%');
        char plain[NAME_MAX_LENGTH + 1];

        if (!at)
                return fault_plain_host(host);
        if (strlen(host) >= sizeof(plain) || strncmp(at, placeholder, sizeof(placeholder) - 1))
                return "has a placeholder other than %EMAILDOMAIN%";
        char *end = stpcpy(mempcpy(plain, host, (size_t) (at - host)), "x.x");
        stpcpy(end, at + sizeof(placeholder) - 1);
        return fault_plain_host(plain);
}

/* ---- others ---- */

const char *value_fault_username(const char *username) {
        static const char *const placeholders[] = { "%EMAILADDRESS%", "%EMAILLOCALPART%", "%EMAILDOMAIN%", NULL };

        if (!*username || strlen(username) > USERNAME_MAX)
                return "is no user name";
        for (const char *c = username; *c; c++) {
                if (*c != '%')
                        continue;
                const char *const *known = placeholders;
                while (*known && strncmp(c, *known, strlen(*known)))
                        known++;
                if (!*known)
                        return "has a placeholder other than %EMAILADDRESS%, %EMAILLOCALPART% and %EMAILDOMAIN%";
                c += strlen(*known) - 1;
        }
        return NULL;
}

static bool is_number(const char *text, size_t length, unsigned least, unsigned most) {
        unsigned value = 0;

        if (span(text, DIGIT) < length)
                return false;
        for (size_t i = 0; i < length; i++)
                value = value * 10 + (unsigned) (text[i] - '0');
        return value >= least && value <= most;
}

const char *value_fault_date(const char *date) {
        size_t length = strlen(date);
        bool good = (length == 4 || length == 7 || length == 10) && is_number(date, 4, 1980, 2999);

        if (good && length >= 7)
                good = date[4] == '-' && is_number(date + 5, 2, 1, 12);
        if (good && length == 10)
                good = date[7] == '-' && is_number(date + 8, 2, 1, 31);
        return good ? NULL : "is not a date such as 2025-03";
}

const char *value_fault_page(const char *page) {
        size_t scheme = strcspn(page, ":"), length = strlen(page);
        bool web = (scheme == 4 && !strncmp(page, "http", 4)) || (scheme == 5 && !strncmp(page, "https", 5));

        if (!web || strncmp(page + scheme, "://", 3) || length < scheme + 6 || length > PAGE_MAX ||
            span(page, WEB) != length)
                return "is not the address of a web page";
        return NULL;
}

const char *value_port(const char *word, uint16_t *ret) {
        size_t length = strlen(word);

        if (length == 0 || length > 5 || !is_number(word, length, 1, UINT16_MAX))
                return "is not a port from 1 to 65535";
        *ret = (uint16_t) strtoul(word, NULL, 10);
        return NULL;
}

const char *value_security(const char *word, MdSecurity *ret) {
        static const char *const words[] = {
                [MD_SECURITY_NONE] = "none", [MD_SECURITY_STARTTLS] = "starttls", [MD_SECURITY_TLS] = "tls",
        };
        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
                if (!strcmp(word, words[i])) {
                        *ret = (MdSecurity) i;
                        return NULL;
                }
        return "is not tls, starttls or none";
}
