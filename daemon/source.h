/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Sources: the configurations that accounts come from.  Each is a program's; its reader gives what it finds to a sink, and
 * goes on behind what is broken. */

#include "account.h"

typedef struct SourceSink {
        /* Takes over an account.  Returns 0, -ENOMEM. */
        int (*account)(void *userdata, Account *account);
        /* A file cannot be read, or something in it not understood; line 0: all of it.  `text` follows the name of the file.
         * Its accounts, as far as they were there before, stay.  Returns 0, -ENOMEM. */
        int (*fault)(void *userdata, const char *path, unsigned line, const char *text);
        void *userdata;
} SourceSink;

typedef struct Source {
        const char *program;            /* as in Account */
        const char *title;              /* for people */
        /* Reads the file or directory; one that is not there has no accounts.  Returns 0, -ENOMEM.  NULL: a plugin reads it in
         * a probe, and accounts_take() is given what it says. */
        int (*read)(const char *path, const SourceSink *sink);
} Source;

extern const Source source_files;       /* maildiag's own: accounts.d */
extern const Source source_msmtp;       /* /etc/msmtprc */
extern const Source source_postfix;     /* /etc/postfix/main.cf, the relay host */

/* Their readers without the file: bytes in, accounts and faults out. */
int source_msmtp_parse(const char *path, const char *text, size_t size, const SourceSink *sink);
int source_postfix_parse(const char *path, const char *text, size_t size, const SourceSink *sink);

/* What an errno says about a file, or the fault of trusted_read(), given to the sink.  Returns 0, -ENOMEM. */
int source_fault(const SourceSink *sink, const char *path, int r, const char *fault);
