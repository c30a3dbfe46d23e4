/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The autoconfig document, "config 1.1" (draft-ietf-mailmaint-autoconfig, Thunderbird's wiki before it): bytes in, struct
 * out, no I/O.  Values are as they stand in the document, white space around them taken off; nothing is judged here.
 */

#include <stdbool.h>
#include <stddef.h>

#include "xml.h"

#define AUTOCONFIG_SERVERS_MAX 64u
#define AUTOCONFIG_AUTHS_MAX 8u
#define AUTOCONFIG_PAGES_MAX 8u
#define AUTOCONFIG_INPUTS_MAX 8u

/* What <incomingServer> or <outgoingServer> says; NULL where it says nothing. */
typedef struct AutoconfigServer {
        bool outgoing;
        char *type;                     /* "imap", "pop3", "smtp", "jmap", "exchange"… */
        char *hostname, *port, *socket_type, *username;
        char *auths[AUTOCONFIG_AUTHS_MAX + 1];  /* as preferred, NULL-terminated */
        size_t n_auths;
        bool by_address;                /* <restriction>client-IP-address */
} AutoconfigServer;

/* A page of the provider: how to switch the service on, or its own description of the settings. */
typedef struct AutoconfigPage {
        char *url;
        char *text;                     /* in English where there is one, else in the language that came first */
        bool is_english;
} AutoconfigPage;

/* A placeholder of the document's own, for a value that only the person knows. */
typedef struct AutoconfigInput {
        char *key, *label;
} AutoconfigInput;

typedef struct AutoconfigDocument {
        char *id, *display_name;
        AutoconfigServer servers[AUTOCONFIG_SERVERS_MAX];
        size_t n_servers, n_servers_seen;
        AutoconfigPage enables[AUTOCONFIG_PAGES_MAX], documentation[AUTOCONFIG_PAGES_MAX];
        size_t n_enables, n_documentation;
        AutoconfigInput inputs[AUTOCONFIG_INPUTS_MAX];
        size_t n_inputs;
        char *oauth_issuer;
} AutoconfigDocument;

/* Reads a document.  Returns 0, -EBADMSG with the fault, -ENOMEM; to be released in any case. */
int autoconfig_document_parse(const char *bytes, size_t size, AutoconfigDocument *ret, XmlFault *ret_fault);
void autoconfig_document_done(AutoconfigDocument *document);
