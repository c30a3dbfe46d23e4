/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What a source plugin is written with: the files of a mail client that it may read, and the way to say which accounts
 * stand in them.
 *
 * A plugin of kind MD_KIND_SOURCE declares the files and folders below the home directory that it reads
 * (MdPlugin.paths), and has neither ports nor a network: its sandbox lets it read those and nothing else.  It runs when
 * the daemon starts and whenever a file changed that it asked for.  Each step returns MD_NEXT, also when there is
 * nothing; one that fails ends the probe, and what was known before stays.
 *
 *     static int step_read(MdProbe *probe, void *state) {
 *             for (const char *const *place = md_source_places(probe); *place; place++) {
 *                     int r = md_source_read(probe, path_in(*place, "accounts.ini"), 1024 * 1024, &text, &size);
 *                     …
 *                     md_source_account(probe, &account);
 *             }
 *             return MD_NEXT;
 *     }
 *
 * A source never reads passwords, and never runs what a configuration names as a command.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <maildiag/probe.h>

#define MD_SOURCE_ACCOUNTS_MAX 256u     /* of one probe */
#define MD_SOURCE_SERVICES_MAX 16u      /* of one account */
#define MD_SOURCE_FILES_MAX 3u          /* of one account */

/* ---- reading ---- */

/* Absolute paths of what is to be read: those that the plugin declares, or the one that somebody named instead. In the order
 * of the declaration; they need not exist.  NULL-terminated; never NULL. */
const char *const *md_source_places(const MdProbe *probe);

/*
 * Reads a regular file that is one of the places, or lies in one, into a new NUL-terminated string; no link is followed
 * below the home directory.  The daemon asks again when the file changes, appears, or goes.  Returns 0; -ENOENT when
 * there is none; -EINVAL when it cannot be read, is a link, larger than `max` bytes, or lies outside of the places: a
 * fault says so already; -ENOMEM.
 */
int md_source_read(MdProbe *probe, const char *path, size_t max, char **ret, size_t *ret_size);

/* Something in a file is not understood, and left out: a sentence that follows "FILE:LINE: ".  Line 0: the whole file.  The
 * accounts that come from that file and were known before stay, unless they are handed out again. */
void md_source_fault(MdProbe *probe, const char *path, unsigned line, const char *format, ...)
        __attribute__((format(printf, 4, 5)));

/* ---- accounts ---- */

typedef enum MdSourceField {
        /* Of an account: */
        MD_SOURCE_NAME,                 /* for people */
        /* Of both; that of the account holds for the services that have none. */
        MD_SOURCE_ADDRESS,
        /* Of a service: */
        MD_SOURCE_HOST,
        MD_SOURCE_PORT,
        MD_SOURCE_SECURITY,             /* "tls", "starttls", "none" */
        MD_SOURCE_USERNAME,
        MD_SOURCE_AUTH,                 /* SASL mechanisms, a space between two */
        MD_SOURCE_SECRET,               /* "stored" with the settings, or "command" that the client runs; never itself */
        MD_SOURCE_TLS_NAME,             /* that the certificate has to carry instead of the host */
        MD_SOURCE_CONNECT_TO,           /* instead of the host */
} MdSourceField;

/* A value, and where it stands. */
typedef struct MdSourceValue {
        MdSourceField field;
        const char *text;
        bool assumed;                   /* it stands nowhere: the client would use it; then only `key` counts */
        uint32_t file;                  /* index into the files of the account */
        uint32_t line;                  /* 0: none */
        const char *key;                /* as the client calls it */
} MdSourceValue;

typedef struct MdSourceService {
        const char *protocol;           /* "imap", "pop3", "smtp", … */
        const MdSourceValue *values;
        size_t n_values;
} MdSourceService;

/* Everything is copied. */
typedef struct MdSourceAccount {
        const char *key;                /* stays the same as long as the client takes it for the same account; with the first
                                         * file it makes the account's id */
        const char *const *files;       /* absolute paths, the main one first; NULL-terminated */
        const MdSourceValue *values;
        size_t n_values;
        const MdSourceService *services;
        size_t n_services;
} MdSourceAccount;

/* Hands out an account.  Values are checked by the daemon: a host that cannot be one is a fault with its file and line, and
 * its service is left out.  Returns whether it was taken: not when there are too many, or it breaks the rules above. */
bool md_source_account(MdProbe *probe, const MdSourceAccount *account);
