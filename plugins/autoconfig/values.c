/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "values.h"

#define NAME_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
#define NAME_MIN 4u                     /* a shorter word behind a per cent sign is no placeholder left unfinished */

typedef struct Placeholder {
        const char *name;               /* within the per cent signs */
        size_t length;
        bool finished;
} Placeholder;

/* Whether a placeholder begins at `text`, which is a per cent sign. */
static bool placeholder_at(const char *text, Placeholder *ret) {
        size_t length = strspn(text + 1, NAME_CHARACTERS);

        *ret = (Placeholder) { .name = text + 1, .length = length, .finished = text[1 + length] == '%' };
        return length >= (ret->finished ? 1 : NAME_MIN);
}

static bool is_called(const Placeholder *placeholder, const char *name) {
        return placeholder->length == strlen(name) && !strncmp(placeholder->name, name, placeholder->length);
}

/* What the address tells; NULL for other names. */
static const char *known_value(const AutoconfigPerson *person, const Placeholder *placeholder) {
        const struct {
                const char *name, *value;
        } known[] = {
                { "EMAILADDRESS", person->address },
                { "EMAILLOCALPART", person->local_part },
                { "EMAILDOMAIN", person->domain },
        };
        for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
                if (is_called(placeholder, known[i].name))
                        return known[i].value;
        return NULL;
}

/* What the person is asked for by this placeholder; NULL: nothing, it is none of those. */
static const char *label_of(const AutoconfigDocument *document, const Placeholder *placeholder) {
        if (is_called(placeholder, "REALNAME"))
                return "REALNAME";
        for (size_t i = 0; i < document->n_inputs; i++)
                if (document->inputs[i].key && is_called(placeholder, document->inputs[i].key))
                        return document->inputs[i].label ? document->inputs[i].label : document->inputs[i].key;
        return NULL;
}

/* Adds to a text of AUTOCONFIG_VALUE_MAX. */
static bool add(char *text, size_t *used, const char *more, size_t size) {
        if (size > AUTOCONFIG_VALUE_MAX - *used)
                return false;
        memcpy(text + *used, more, size);
        *used += size;
        text[*used] = '\0';
        return true;
}

int autoconfig_expand(const AutoconfigDocument *document, const AutoconfigPerson *person, const char *value, char **ret) {
        char text[AUTOCONFIG_VALUE_MAX + 1] = "";
        size_t used = 0, taken, addresses = 0;
        Placeholder placeholder;

        for (; *value; value += taken) {
                const char *more = value;
                size_t size = taken = 1;
                if (*value == '%' && placeholder_at(value, &placeholder)) {
                        more = known_value(person, &placeholder);
                        addresses += is_called(&placeholder, "EMAILADDRESS");
                        if (!placeholder.finished || addresses > 1 || (!more && !label_of(document, &placeholder)))
                                return AUTOCONFIG_BAD;
                        if (!more)
                                return AUTOCONFIG_ASKS;
                        size = strlen(more);
                        taken = placeholder.length + 2;
                }
                if (!add(text, &used, more, size))
                        return AUTOCONFIG_TOO_LONG;
        }
        *ret = strdup(text);
        return *ret ? AUTOCONFIG_FILLED : -ENOMEM;
}

const char *autoconfig_asks_for(const AutoconfigDocument *document, const char *value) {
        Placeholder placeholder;
        const char *label;

        for (; *value; value++) {
                if (*value != '%' || !placeholder_at(value, &placeholder) || !placeholder.finished)
                        continue;
                label = label_of(document, &placeholder);
                if (label)
                        return label;
                value += placeholder.length + 1;
        }
        return NULL;
}

MdUsernameForm autoconfig_username_form(const char *value) {
        if (!strcmp(value, "%EMAILADDRESS%") || !strcmp(value, "%EMAILLOCALPART%@%EMAILDOMAIN%"))
                return MD_USERNAME_ADDRESS;
        return strcmp(value, "%EMAILLOCALPART%") ? MD_USERNAME_OTHER : MD_USERNAME_LOCAL_PART;
}

int autoconfig_security(const char *socket_type) {
        static const struct {
                const char *word;
                MdSecurity security;
        } words[] = {
                { "SSL", MD_SECURITY_TLS }, { "TLS", MD_SECURITY_TLS },
                { "STARTTLS", MD_SECURITY_STARTTLS }, { "plain", MD_SECURITY_NONE },
        };
        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
                if (!strcasecmp(words[i].word, socket_type))
                        return (int) words[i].security;
        return -EINVAL;
}

const char *autoconfig_auth(const char *authentication) {
        static const struct {
                const char *theirs, *ours;
        } words[] = {
                { "password-cleartext", "password" }, { "plain", "password" }, { "LOGIN", "password" },
                { "password-encrypted", "encrypted-password" }, { "secure", "encrypted-password" },
                { "CRAM-MD5", "encrypted-password" }, { "DIGEST-MD5", "encrypted-password" },
                { "SCRAM-SHA-1", "encrypted-password" }, { "SCRAM-SHA-1-PLUS", "encrypted-password" },
                { "SCRAM-SHA-256", "encrypted-password" }, { "SCRAM-SHA-256-PLUS", "encrypted-password" },
                { "OAuth2", "oauth2" }, { "OAuth", "oauth2" }, { "XOAUTH2", "oauth2" }, { "OAUTHBEARER", "oauth2" },
                { "TLS-client-cert", "client-certificate" }, { "EXTERNAL", "client-certificate" },
                { "GSSAPI", "kerberos" }, { "NTLM", "ntlm" }, { "client-IP-address", "none" }, { "none", "none" },
        };
        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
                if (!strcasecmp(words[i].theirs, authentication))
                        return words[i].ours;
        return NULL;
}
