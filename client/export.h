/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The settings of an account, and the forms in which programs read them.
 *
 * Nothing here holds a secret, and clear text cannot be said: a service without TLS is no ExportService.  Writers write to
 * a stream and do no other I/O.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define EXPORT_SERVICES_MAX 16u
#define EXPORT_NOTES_MAX 8u

typedef enum ExportSecurity {
        EXPORT_TLS,
        EXPORT_STARTTLS,
} ExportSecurity;

typedef enum ExportAuth {
        EXPORT_PASSWORD,
        EXPORT_ENCRYPTED,               /* challenge and response only: CRAM-MD5 */
        EXPORT_OAUTH2,
        EXPORT_OAUTH2_OR_PASSWORD,      /* the first where an app knows it, else a password, mostly one for the app */
} ExportAuth;

/* How far the settings were tried. */
typedef enum ExportProof {
        EXPORT_UNPROVED,
        EXPORT_CONNECTION,              /* TLS is up and verified, the server speaks the protocol */
        EXPORT_LOGIN,
} ExportProof;

typedef struct ExportService {
        const char *protocol;           /* "imap", "pop3" or "smtp" */
        char *host;                     /* A-label or address */
        uint16_t port;
        ExportSecurity security;
        ExportAuth auth;
        char *username;
        ExportProof proof;
        const char *reason;             /* why it is unproved: the code of a finding, or "" */
} ExportService;

typedef struct ExportAccount {
        char *address;                  /* as it was given */
        char *local;                    /* before the @ */
        char *domain;                   /* A-label */
        ExportService services[EXPORT_SERVICES_MAX];
        size_t n_services;
        char *notes[EXPORT_NOTES_MAX];  /* what has to be done first, in the reader's language */
        size_t n_notes;
} ExportAccount;

/* Begins an account.  Returns 0, -ENOMEM, or -EINVAL and what is wrong (a msgid). */
int export_account_new(const char *address, ExportAccount **ret, const char **ret_problem);
ExportAccount *export_account_free(ExportAccount *account);
/* Adds a service; texts are copied, `protocol` and `reason` are not.  NULL for the user name: the address.  Returns as above. */
int export_account_add(ExportAccount *account, const ExportService *service, const char **ret_problem);

/* Adds a note, if there is room for it.  Returns 0, -ENOMEM, or -EINVAL where it is no clean text. */
int export_account_note(ExportAccount *account, const char *text);

/* The first service of a protocol, NULL when there is none; that to receive with is IMAP before POP3. */
const ExportService *export_service(const ExportAccount *account, const char *protocol);
const ExportService *export_receiving(const ExportAccount *account);

/* How comments look at the top of a form. */
typedef enum ExportHead {
        EXPORT_HEAD_NONE,
        EXPORT_HEAD_HASH,
        EXPORT_HEAD_SLASHES,
        EXPORT_HEAD_XML,
        EXPORT_HEAD_PLIST,
} ExportHead;

typedef struct ExportFormat {
        const char *name;               /* "msmtp" */
        ExportHead head;
        const char *file;               /* where a user puts it */
        const char *protocols;          /* what it holds: one to receive with, and one to send with */
        bool all;                       /* it holds as many as there are */
        const char *note;               /* N_(), what to do with it; NULL: nothing */
        /* What keeps the account from being written in this form (a msgid), or NULL. */
        const char *(*problem)(const ExportAccount *account);
        void (*write)(FILE *out, const ExportAccount *account);
} ExportFormat;

extern const ExportFormat export_formats[];
extern const size_t n_export_formats;
const ExportFormat *export_format_find(const char *name);

/* The whole file: what it says first, and the settings.  The format's problem() was NULL. */
void export_write(FILE *out, const ExportFormat *format, const ExportAccount *account);

/* Whether a form holds this service of the account. */
bool export_format_uses(const ExportFormat *format, const ExportAccount *account, const ExportService *service);
