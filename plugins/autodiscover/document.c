/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "document.h"

/* The schemas have several ends, of which servers choose one or the other. */
#define NAMESPACE "http://schemas.microsoft.com/exchange/autodiscover/"

typedef struct Reading {
        AutodiscoverDocument *document;
        XmlFault *fault;
        AutodiscoverProtocol *protocol; /* the one that is open, or NULL */
} Reading;

static int keep(char **slot, const char *text) {
        if (*slot || !*text)
                return 0;
        *slot = strdup(text);
        return *slot ? 0 : -ENOMEM;
}

static bool is_ours(const XmlElement *element) {
        return !strncmp(element->namespace, NAMESPACE, strlen(NAMESPACE));
}

static int open_root(Reading *reading, const XmlElement *element) {
        if (strcmp(element->name, "Autodiscover"))
                return xml_refuse(reading->fault, "its root is <%.60s>, not <Autodiscover>", element->name);
        if (!element->namespace[0])
                return xml_refuse(reading->fault, "<Autodiscover> is in no namespace");
        if (!is_ours(element))
                return xml_refuse(reading->fault, "<Autodiscover> is in a namespace of others: %.80s", element->namespace);
        return 0;
}

static int on_open(void *userdata, const XmlElement *element) {
        Reading *reading = userdata;
        AutodiscoverDocument *document = reading->document;

        if (element->depth == 1)
                return open_root(reading, element);
        if (!is_ours(element) || strcmp(element->name, "Protocol") || strcmp(element->parent, "Account"))
                return 0;
        document->n_protocols_seen++;
        if (document->n_protocols < AUTODISCOVER_PROTOCOLS_MAX)
                reading->protocol = &document->protocols[document->n_protocols++];
        return 0;
}

#define OF_PROTOCOL(element, member) { "Protocol", element, offsetof(AutodiscoverProtocol, member) }
#define OF_DOCUMENT(parent, element, member) { parent, element, offsetof(AutodiscoverDocument, member) }

/* Where a value is kept, by its element and the one around it. */
static const struct {
        const char *parent, *name;
        size_t offset;
} slots[] = {
        OF_PROTOCOL("Type", type),
        OF_PROTOCOL("Server", server),
        OF_PROTOCOL("Port", port),
        OF_PROTOCOL("SSL", ssl),
        OF_PROTOCOL("Encryption", encryption),
        OF_PROTOCOL("LoginName", login),
        OF_PROTOCOL("SPA", spa),
        OF_PROTOCOL("AuthRequired", auth_required),
        OF_DOCUMENT("Account", "Action", action),
        OF_DOCUMENT("Account", "RedirectAddr", redirect),
        OF_DOCUMENT("Account", "RedirectUrl", redirect),
        OF_DOCUMENT("Action", "Redirect", redirect),
        OF_DOCUMENT("Error", "ErrorCode", error),
        OF_DOCUMENT("Error", "Message", error_message),
};

static int keep_value(Reading *reading, const XmlElement *element) {
        for (size_t i = 0; i < sizeof(slots) / sizeof(slots[0]); i++) {
                if (strcmp(slots[i].name, element->name) || strcmp(slots[i].parent, element->parent))
                        continue;
                bool within = !strcmp(element->parent, "Protocol");
                char *base = within ? (char *) reading->protocol : (char *) reading->document;
                return base ? keep((char **) (void *) (base + slots[i].offset), element->text) : 0;
        }
        return 0;
}

/* Types of <Protocol>, and of a <Server> in the schema for telephones, that only Exchange has. */
static bool is_exchange(const XmlElement *element) {
        static const char *const types[] = { "EXCH", "EXPR", "EXHTTP", "mapiHttp", "MobileSync" };

        if (strcmp(element->name, "Type") || (strcmp(element->parent, "Protocol") && strcmp(element->parent, "Server")))
                return false;
        for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
                if (!strcasecmp(types[i], element->text))
                        return true;
        return false;
}

static int on_close(void *userdata, const XmlElement *element) {
        Reading *reading = userdata;

        if (!is_ours(element))
                return 0;
        if (is_exchange(element))
                reading->document->exchange = true;
        int r = keep_value(reading, element);
        if (!strcmp(element->name, "Protocol"))
                reading->protocol = NULL;
        return r;
}

int autodiscover_document_parse(const char *bytes, size_t size, AutodiscoverDocument *ret, XmlFault *ret_fault) {
        *ret = (AutodiscoverDocument) { 0 };
        Reading reading = { .document = ret, .fault = ret_fault };
        const XmlReader reader = { .open = on_open, .close = on_close, .userdata = &reading };
        return xml_read(bytes, size, &reader, ret_fault);
}

void autodiscover_document_done(AutodiscoverDocument *document) {
        for (size_t i = 0; i < document->n_protocols; i++) {
                AutodiscoverProtocol *protocol = &document->protocols[i];
                free(protocol->type);
                free(protocol->server);
                free(protocol->port);
                free(protocol->ssl);
                free(protocol->encryption);
                free(protocol->login);
                free(protocol->spa);
                free(protocol->auth_required);
        }
        free(document->action);
        free(document->redirect);
        free(document->error);
        free(document->error_message);
        *document = (AutodiscoverDocument) { 0 };
}

/* ---- version 2 ---- */

static int copy(const char *text, char **ret) {
        *ret = text ? strdup(text) : NULL;
        return text && !*ret ? -ENOMEM : 0;
}

/* A capital or not at the beginning of a key: servers do both. */
static int either(const json_t *root, const char *key, const char *other, const char **ret, JsonFault *fault) {
        int r = json_text(root, "", key, ret, fault);
        return r < 0 || *ret ? r : json_text(root, "", other, ret, fault);
}

int autodiscover_json_parse(const char *bytes, size_t size, char **ret_url, char **ret_error, JsonFault *ret_fault) {
        const char *url, *error = NULL;
        json_t *root;

        *ret_url = *ret_error = NULL;
        int r = json_read(bytes, size, &root, ret_fault);
        if (r < 0)
                return r;
        r = either(root, "Url", "url", &url, ret_fault);
        if (r == 0 && !url)
                r = either(root, "ErrorCode", "errorCode", &error, ret_fault);
        if (r == 0 && !url && !error)
                r = json_refuse(ret_fault, "it has neither \"Url\" nor \"ErrorCode\"");
        if (r == 0)
                r = copy(url, ret_url);
        if (r == 0)
                r = copy(error, ret_error);
        json_decref(root);
        return r;
}

/* ---- what is asked ---- */

static char *escape(const char *text) {
        char *escaped = malloc(6 * strlen(text) + 1), *to = escaped;

        for (; escaped && *text; text++)
                switch (*text) {
                case '&':
                        to = stpcpy(to, "&amp;");
                        break;
                case '<':
                        to = stpcpy(to, "&lt;");
                        break;
                case '>':
                        to = stpcpy(to, "&gt;");
                        break;
                default:
                        *to++ = *text;
                }
        if (escaped)
                *to = '\0';
        return escaped;
}

char *autodiscover_request(const char *address) {
        char *escaped = escape(address), *request = NULL;
        int r = escaped ? asprintf(&request,
                        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                        "<Autodiscover xmlns=\"" NAMESPACE "outlook/requestschema/2006\">"
                        "<Request><EMailAddress>%s</EMailAddress>"
                        "<AcceptableResponseSchema>" NAMESPACE "outlook/responseschema/2006a</AcceptableResponseSchema>"
                        "</Request></Autodiscover>\n", escaped) : -1;
        free(escaped);
        return r < 0 ? NULL : request;
}
