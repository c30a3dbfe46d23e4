/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The form of single values: what passes here can be handed on without harm. */

#include <stdlib.h>
#include <string.h>

#include "pattern.h"
#include "value.h"

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"
#define NAME_MAX_LENGTH 253u            /* RFC 1035 section 2.3.4, less the two octets around the text */
#define LABEL_MAX 63u
#define PAGE_MAX 500u
#define USERNAME_MAX 255u

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

        if (length == 0 || length > LABEL_MAX || strspn(id, LOWER DIGITS ".-") != length)
                return "is not a name of small letters, digits, dots and hyphens";
        return NULL;
}

/* ---- names of hosts and domains ---- */

static const char *fault_label(const char *label, size_t length, const char *letters) {
        if (length == 0)
                return "has an empty label";
        if (length > LABEL_MAX)
                return "has a label of more than 63 characters";
        if (strspn(label, letters) < length)
                return "has a character that no host name has (internationalised names are written as xn--…)";
        if (label[0] == '-' || label[length - 1] == '-')
                return "has a label that begins or ends with a hyphen";
        return NULL;
}

static const char *fault_name(const char *name, const char *letters, size_t *ret_labels) {
        size_t n = 0;

        if (strlen(name) > NAME_MAX_LENGTH)
                return "is longer than 253 characters";
        for (const char *label = name;;) {
                size_t length = strcspn(label, ".");
                const char *fault = fault_label(label, length, letters);
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
        const char *fault = fault_name(domain, LOWER DIGITS "-", &labels);

        return fault ? fault : labels < 2 ? "has no dot" : NULL;
}

const char *value_fault_pattern(const char *pattern) {
        size_t labels;
        const char *fault = fault_name(pattern, LOWER DIGITS "-*", &labels);

        return fault ? fault : pattern_fault(pattern);
}

/* "smtp.%EMAILDOMAIN%" as if it were "smtp.x". */
static bool replace_domain(const char *host, char *ret, size_t size) {
        static const char placeholder[] = "%EMAILDOMAIN%";
        const char *at = strcasestr(host, placeholder);
        size_t before = at ? (size_t) (at - host) : strlen(host);

        if (strlen(host) >= size)
                return false;
        memcpy(ret, host, before);
        strcpy(ret + before, at ? "x" : "");
        if (at)
                strcat(ret, at + sizeof(placeholder) - 1);
        return true;
}

const char *value_fault_host(const char *host) {
        char plain[NAME_MAX_LENGTH + 1];
        size_t labels;

        if (!replace_domain(host, plain, sizeof(plain)))
                return "is longer than 253 characters";
        if (!strcmp(plain, "127.0.0.1") || !strcmp(plain, "localhost"))
                return NULL;
        if (strspn(plain, DIGITS ".") == strlen(plain))
                return "is an address and not a name";
        const char *fault = fault_name(plain, LOWER DIGITS "-", &labels);
        return fault ? fault : labels < 2 && !strchr(host, '%') ? "has no dot" : NULL;
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

        if (strspn(text, DIGITS) < length)
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

/* RFC 3986 section 2. */
static const char *page_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ" LOWER DIGITS "-._~:/?#[]@!$&'()*+,;=%";

const char *value_fault_page(const char *page) {
        size_t scheme = strcspn(page, ":"), length = strlen(page);
        bool web = (scheme == 4 && !strncmp(page, "http", 4)) || (scheme == 5 && !strncmp(page, "https", 5));

        if (!web || strncmp(page + scheme, "://", 3) || length < scheme + 6 || length > PAGE_MAX ||
            strspn(page, page_letters) != length)
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
