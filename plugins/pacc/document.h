/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The configuration document of draft-ietf-mailmaint-pacc, and the record in the domain name system that vouches for it.
 * Bytes in, struct out, no I/O.
 */

#include <stdbool.h>
#include <stddef.h>

#include "json.h"

#define PACC_DIGEST_SIZE 45u            /* SHA-256 in base64, with its NUL */

typedef enum PaccProtocol {
        PACC_IMAP,
        PACC_POP3,
        PACC_SUBMIT,                    /* "submit"; "smtp" until the third draft */
        _PACC_PROTOCOL_MAX,
} PaccProtocol;

typedef struct PaccDocument {
        char *hosts[_PACC_PROTOCOL_MAX];        /* NULL: not offered */
        bool password;                  /* logins with a password are possible */
        char *oauth_issuer;             /* NULL: none with OAuth */
        char *provider, *documentation; /* NULL: not said */
} PaccDocument;

/* Returns 0, -EBADMSG with what is wrong and where, -ENOMEM; to be released in any case. */
int pacc_document_parse(const char *bytes, size_t size, PaccDocument *ret, JsonFault *ret_fault);
void pacc_document_done(PaccDocument *document);

/* A TXT record "v=UAAC1; a=sha256; d=BASE64", tags in any order, unknown ones passed over.  Returns 0, or -EBADMSG for
 * another record, one of another version or algorithm, or a broken one. */
int pacc_digest_parse(const char *text, size_t size, char ret_digest[static PACC_DIGEST_SIZE]);
