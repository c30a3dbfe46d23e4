/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "document.h"

/* "smtp" is the older word: it counts where the newer one is not there. */
static const struct {
        const char *key;
        PaccProtocol protocol;
} protocols[] = {
        { "imap", PACC_IMAP }, { "pop3", PACC_POP3 }, { "submit", PACC_SUBMIT }, { "smtp", PACC_SUBMIT },
};

static int keep(char **slot, const char *text) {
        if (*slot || !text)
                return 0;
        *slot = strdup(text);
        return *slot ? 0 : -ENOMEM;
}

static int keep_text(const json_t *object, const char *path, const char *key, char **slot, JsonFault *fault) {
        const char *text;
        int r = json_text(object, path, key, &text, fault);
        return r < 0 ? r : keep(slot, text);
}

static int read_protocols(const json_t *list, PaccDocument *document, JsonFault *fault) {
        int r = 0;

        for (size_t i = 0; r == 0 && i < sizeof(protocols) / sizeof(protocols[0]); i++) {
                const json_t *service;
                char path[32];
                snprintf(path, sizeof(path), "protocols.%s", protocols[i].key);
                r = json_member(list, "protocols", protocols[i].key, JSON_OBJECT, &service, fault);
                if (r == 0 && service)
                        r = keep_text(service, path, "host", &document->hosts[protocols[i].protocol], fault);
        }
        return r;
}

static int read_authentication(const json_t *object, PaccDocument *document, JsonFault *fault) {
        const json_t *password, *oauth;

        int r = json_member(object, "authentication", "password", JSON_TRUE, &password, fault);
        if (r < 0)
                return r;
        document->password = json_is_true(password);
        r = json_member(object, "authentication", "oauth-public", JSON_OBJECT, &oauth, fault);
        if (r == 0 && oauth)
                r = keep_text(oauth, "authentication.oauth-public", "issuer", &document->oauth_issuer, fault);
        return r;
}

static int read_info(const json_t *object, PaccDocument *document, JsonFault *fault) {
        const json_t *provider, *help;

        int r = json_member(object, "info", "provider", JSON_OBJECT, &provider, fault);
        if (r == 0 && provider)
                r = keep_text(provider, "info.provider", "name", &document->provider, fault);
        if (r == 0)
                r = json_member(object, "info", "help", JSON_OBJECT, &help, fault);
        if (r == 0 && help)
                r = keep_text(help, "info.help", "documentation", &document->documentation, fault);
        return r;
}

static int read_document(const json_t *root, PaccDocument *document, JsonFault *fault) {
        const struct {
                const char *key;
                int (*read)(const json_t *object, PaccDocument *document, JsonFault *fault);
                bool needed;
        } parts[] = {
                { "protocols", read_protocols, true },
                { "authentication", read_authentication, true },
                { "info", read_info, false },
        };
        int r = 0;
        for (size_t i = 0; r == 0 && i < sizeof(parts) / sizeof(parts[0]); i++) {
                const json_t *object;
                r = json_member(root, "", parts[i].key, JSON_OBJECT, &object, fault);
                if (r == 0 && object)
                        r = parts[i].read(object, document, fault);
                else if (r == 0 && parts[i].needed)
                        r = json_refuse(fault, "\"%s\" is missing", parts[i].key);
        }
        return r;
}

int pacc_document_parse(const char *bytes, size_t size, PaccDocument *ret, JsonFault *ret_fault) {
        json_t *root;

        *ret = (PaccDocument) { 0 };
        int r = json_read(bytes, size, &root, ret_fault);
        if (r < 0)
                return r;
        r = read_document(root, ret, ret_fault);
        json_decref(root);
        return r;
}

void pacc_document_done(PaccDocument *document) {
        for (size_t i = 0; i < _PACC_PROTOCOL_MAX; i++)
                free(document->hosts[i]);
        free(document->oauth_issuer);
        free(document->provider);
        free(document->documentation);
        *document = (PaccDocument) { 0 };
}

/* ---- the record that vouches for it ---- */

#define RECORD_MAX 1024u

static char *trim(char *text) {
        static const char spaces[] = " \t";

        text += strspn(text, spaces);
        size_t length = strlen(text);
        while (length > 0 && strchr(spaces, text[length - 1]))
                text[--length] = '\0';
        return text;
}

static bool is_digest(const char *text) {
        static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        size_t length = strlen(text);
        return length == PACC_DIGEST_SIZE - 1 && strspn(text, digits) == length - 1 && text[length - 1] == '=';
}

int pacc_digest_parse(const char *text, size_t size, char ret_digest[static PACC_DIGEST_SIZE]) {
        char copy[RECORD_MAX + 1], *rest = copy, *tag;
        const char *version = "", *algorithm = "", *digest = "";

        if (size > RECORD_MAX || memchr(text, '\0', size))
                return -EBADMSG;
        memcpy(copy, text, size);
        copy[size] = '\0';
        while ((tag = strsep(&rest, ";"))) {
                char *value = strchr(tag, '=');
                if (!value)
                        continue;
                *value = '\0';
                const char *name = trim(tag);
                const char **slot = !strcasecmp(name, "v") ? &version : !strcasecmp(name, "a") ? &algorithm :
                                    !strcasecmp(name, "d") ? &digest : NULL;
                if (slot)
                        *slot = trim(value + 1);
        }
        if (strcasecmp(version, "UAAC1") || strcasecmp(algorithm, "sha256") || !is_digest(digest))
                return -EBADMSG;
        strcpy(ret_digest, digest);
        return 0;
}
