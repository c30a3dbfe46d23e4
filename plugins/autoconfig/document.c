/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Elements that are not known are passed over, as the draft demands: a document that has more to say is none with a
 * fault. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "document.h"

typedef struct Reading {
        AutoconfigDocument *document;
        XmlFault *fault;
        AutoconfigServer *server;       /* the one that is open, or NULL */
        AutoconfigPage *page;           /* the same */
        AutoconfigInput *input;
        bool is_english;                /* the text that is open */
} Reading;

/* Keeps the first of what stands there more than once.  Empty is absent. */
static int keep(char **slot, const char *text) {
        if (*slot || !text || !*text)
                return 0;
        *slot = strdup(text);
        return *slot ? 0 : -ENOMEM;
}

/* ---- what opens ---- */

static int open_root(Reading *reading, const XmlElement *element) {
        if (strcmp(element->name, "clientConfig"))
                return xml_refuse(reading->fault, "its root is <%.60s>, not <clientConfig>", element->name);
        if (element->namespace[0])
                return xml_refuse(reading->fault, "<clientConfig> is in a namespace of others: %.80s", element->namespace);
        return 0;
}

static int open_provider(Reading *reading, const XmlElement *element) {
        return keep(&reading->document->id, xml_attribute(element, "id"));
}

static int open_server(Reading *reading, const XmlElement *element, bool outgoing) {
        AutoconfigDocument *document = reading->document;

        document->n_servers_seen++;
        if (document->n_servers == AUTOCONFIG_SERVERS_MAX)
                return 0;
        reading->server = &document->servers[document->n_servers++];
        reading->server->outgoing = outgoing;
        return keep(&reading->server->type, xml_attribute(element, "type"));
}

static int open_incoming(Reading *reading, const XmlElement *element) {
        return open_server(reading, element, false);
}

static int open_outgoing(Reading *reading, const XmlElement *element) {
        return open_server(reading, element, true);
}

static int open_page(Reading *reading, AutoconfigPage *pages, size_t *n, const char *url) {
        if (*n == AUTOCONFIG_PAGES_MAX)
                return 0;
        reading->page = &pages[(*n)++];
        return keep(&reading->page->url, url);
}

static int open_enable(Reading *reading, const XmlElement *element) {
        AutoconfigDocument *document = reading->document;
        return open_page(reading, document->enables, &document->n_enables, xml_attribute(element, "visiturl"));
}

static int open_documentation(Reading *reading, const XmlElement *element) {
        AutoconfigDocument *document = reading->document;
        return open_page(reading, document->documentation, &document->n_documentation,
                         xml_attribute(element, "url"));
}

static int open_text(Reading *reading, const XmlElement *element) {
        const char *language = xml_attribute(element, "lang");

        reading->is_english = !language || !strcmp(language, "en") || !strncmp(language, "en-", 3);
        return 0;
}

static int open_input(Reading *reading, const XmlElement *element) {
        AutoconfigDocument *document = reading->document;
        if (document->n_inputs == AUTOCONFIG_INPUTS_MAX)
                return 0;
        AutoconfigInput *input = &document->inputs[document->n_inputs++];
        int r = keep(&input->key, xml_attribute(element, "key"));
        return r < 0 ? r : keep(&input->label, xml_attribute(element, "label"));
}

/* ---- what closes: values, by the element that they stand in ---- */

static int close_server(Reading *reading, const XmlElement *element) {
        reading->server = NULL;
        return 0;
}

static int close_page(Reading *reading, const XmlElement *element) {
        reading->page = NULL;
        return 0;
}

static int close_auth(Reading *reading, const XmlElement *element) {
        AutoconfigServer *server = reading->server;

        if (!server || server->n_auths == AUTOCONFIG_AUTHS_MAX || !*element->text)
                return 0;
        return keep(&server->auths[server->n_auths++], element->text);
}

static int close_restriction(Reading *reading, const XmlElement *element) {
        if (reading->server && !strcmp(element->text, "client-IP-address"))
                reading->server->by_address = true;
        return 0;
}

/* An English text replaces one in another language. */
static int close_text(Reading *reading, const XmlElement *element) {
        AutoconfigPage *page = reading->page;

        if (!page || !*element->text || page->is_english || (page->text && !reading->is_english))
                return 0;
        char *text = strdup(element->text);
        if (!text)
                return -ENOMEM;
        free(page->text);
        page->text = text;
        page->is_english = reading->is_english;
        return 0;
}

static int close_display_name(Reading *reading, const XmlElement *element) {
        return keep(&reading->document->display_name, element->text);
}

static int close_issuer(Reading *reading, const XmlElement *element) {
        return keep(&reading->document->oauth_issuer, element->text);
}

#define SERVER_VALUE(member)                                                                         \
        static int close_##member(Reading *reading, const XmlElement *element) {                     \
                return reading->server ? keep(&reading->server->member, element->text) : 0;          \
        }

SERVER_VALUE(hostname)
SERVER_VALUE(port)
SERVER_VALUE(socket_type)
SERVER_VALUE(username)

/* The parent keeps a look-alike elsewhere (the host of a calendar, a <username> of the webmail) out. */
static const struct {
        const char *name, *parent;      /* of a server: either of the two */
        int (*open)(Reading *reading, const XmlElement *element);
        int (*close)(Reading *reading, const XmlElement *element);
} elements[] = {
        { "emailProvider",  "clientConfig",  open_provider,      NULL               },
        { "displayName",    "emailProvider", NULL,               close_display_name },
        { "incomingServer", "emailProvider", open_incoming,      close_server       },
        { "outgoingServer", "emailProvider", open_outgoing,      close_server       },
        { "inputField",     "emailProvider", open_input,         NULL               },
        { "hostname",       "*Server",       NULL,               close_hostname     },
        { "port",           "*Server",       NULL,               close_port         },
        { "socketType",     "*Server",       NULL,               close_socket_type  },
        { "username",       "*Server",       NULL,               close_username     },
        { "authentication", "*Server",       NULL,               close_auth         },
        { "restriction",    "*Server",       NULL,               close_restriction  },
        { "enable",         "emailProvider", open_enable,        close_page         },
        { "enable",         "clientConfig",  open_enable,        close_page         },
        { "instruction",    "enable",        open_text,          close_text         },
        { "documentation",  "emailProvider", open_documentation, close_page         },
        { "documentation",  "clientConfig",  open_documentation, close_page         },
        { "descr",          "documentation", open_text,          close_text         },
        { "issuer",         "oAuth2",        NULL,               close_issuer       },
};

#define N_ELEMENTS (sizeof(elements) / sizeof(elements[0]))

static bool parent_fits(const char *wanted, const char *parent) {
        if (strcmp(wanted, "*Server"))
                return !strcmp(wanted, parent);
        return !strcmp(parent, "incomingServer") || !strcmp(parent, "outgoingServer");
}

static size_t element_find(const XmlElement *element) {
        size_t i = 0;

        if (element->namespace[0])
                return N_ELEMENTS;
        while (i < N_ELEMENTS && (strcmp(elements[i].name, element->name) ||
                                  !parent_fits(elements[i].parent, element->parent)))
                i++;
        return i;
}

static int on_open(void *userdata, const XmlElement *element) {
        Reading *reading = userdata;

        if (element->depth == 1)
                return open_root(reading, element);
        size_t i = element_find(element);
        return i < N_ELEMENTS && elements[i].open ? elements[i].open(reading, element) : 0;
}

static int on_close(void *userdata, const XmlElement *element) {
        Reading *reading = userdata;
        size_t i = element_find(element);
        return i < N_ELEMENTS && elements[i].close ? elements[i].close(reading, element) : 0;
}

int autoconfig_document_parse(const char *bytes, size_t size, AutoconfigDocument *ret, XmlFault *ret_fault) {
        *ret = (AutoconfigDocument) { 0 };
        Reading reading = { .document = ret, .fault = ret_fault };
        const XmlReader reader = { .open = on_open, .close = on_close, .userdata = &reading };

        int r = xml_read(bytes, size, &reader, ret_fault);
        if (r < 0)
                return r;
        if (ret->n_servers == 0)
                return xml_refuse(ret_fault, "it names no server");
        return 0;
}

static void server_done(AutoconfigServer *server) {
        free(server->type);
        free(server->hostname);
        free(server->port);
        free(server->socket_type);
        free(server->username);
        for (size_t i = 0; i < server->n_auths; i++)
                free(server->auths[i]);
}

static void pages_done(AutoconfigPage *pages, size_t n) {
        for (size_t i = 0; i < n; i++) {
                free(pages[i].url);
                free(pages[i].text);
        }
}

void autoconfig_document_done(AutoconfigDocument *document) {
        free(document->id);
        free(document->display_name);
        free(document->oauth_issuer);
        for (size_t i = 0; i < document->n_servers; i++)
                server_done(&document->servers[i]);
        pages_done(document->enables, document->n_enables);
        pages_done(document->documentation, document->n_documentation);
        for (size_t i = 0; i < document->n_inputs; i++) {
                free(document->inputs[i].key);
                free(document->inputs[i].label);
        }
        *document = (AutoconfigDocument) { 0 };
}
