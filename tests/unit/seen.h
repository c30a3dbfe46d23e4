/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What probes saw, written short, for the tests of planner and judge. */

#include "report.h"

typedef struct Seen {
        ProbeWhy why;
        const char *protocol, *host;
        uint16_t port;
        MdSecurity security;
        const char *username;
        const char *code;               /* findings, separated by spaces; NULL: none */
        const char *login;              /* NULL: it still runs, unless `end` says otherwise */
        const char *names[4];           /* of the certificate */
        const char *issuer, *sha256;    /* of the certificate, which there is if one of the three is given */
        bool trusted;                   /* TLS is up, and the certificate was verified */
        const char *address;            /* that the name led to; it answered unless there is a finding "tcp." */
        const char *greeting;
        const char *evidence;           /* of the findings */
        const char *alike[4];           /* what the findings may be as well, by the rules about replies */
        const char *found;              /* parameter of port.other-protocol */
        const char *mail_address;       /* of the account */
        ProbeEnd end;
        size_t service;                 /* for tests that have more than one */
        const char *step;               /* stage of a step that it began */
        const char *told[10];           /* by a plugin that finds settings, see seen.c */
        bool waits;                     /* its login has to wait for others */
        DenialReason denial;            /* of its login, for ten minutes */
        Earlier earlier;                /* what was remembered of the target */
        const char *before[4], *after[4];       /* capabilities before and after TLS */
        bool mechanisms;                /* the settings allow only some */
        const char *secret_missing;     /* name of the secret for its login; NULL: there is one, or none was meant */
} Seen;

/* The three protocols with their default ports, as the worker announces them; a table of providers ("table"), and something
 * that asks on the network ("web"). */
Registry *seen_registry(void);
/* Adds what a probe of the service saw to the report. */
void seen_add(Report *report, size_t service, const Seen *seen);
