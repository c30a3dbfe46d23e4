/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What Microsoft's Autodiscover answers: the XML of the plain old kind (MS-OXDSCLI), and the JSON of version
 * 2.  Bytes in, struct out, no I/O; nothing is judged here.
 */

#include <stdbool.h>
#include <stddef.h>

#include "json.h"
#include "xml.h"

#define AUTODISCOVER_PROTOCOLS_MAX 32u

/* A <Protocol>; NULL where it says nothing. */
typedef struct AutodiscoverProtocol {
        char *type;                     /* "IMAP", "POP3", "SMTP", "EXCH"… */
        char *server, *port, *ssl, *encryption, *login, *spa, *auth_required;
} AutodiscoverProtocol;

typedef struct AutodiscoverDocument {
        char *action;                   /* "settings", "redirectAddr", "redirectUrl" */
        char *redirect;                 /* where to */
        char *error, *error_message;    /* its code and words, when it is one */
        bool exchange;                  /* it names a server of Exchange */
        AutodiscoverProtocol protocols[AUTODISCOVER_PROTOCOLS_MAX];
        size_t n_protocols, n_protocols_seen;
} AutodiscoverDocument;

/* Returns 0, -EBADMSG with the fault, -ENOMEM; to be released in any case. */
int autodiscover_document_parse(const char *bytes, size_t size, AutodiscoverDocument *ret, XmlFault *ret_fault);
void autodiscover_document_done(AutodiscoverDocument *document);

/* The URL that version 2 answers with, a new string; NULL when the answer is an error, whose code is *ret_error then (a new
 * string or NULL).  Returns 0, -EBADMSG with the fault, -ENOMEM. */
int autodiscover_json_parse(const char *bytes, size_t size, char **ret_url, char **ret_error, JsonFault *ret_fault);

/* A new string: the request for an address, as a document. NULL: no memory. */
char *autodiscover_request(const char *address);
