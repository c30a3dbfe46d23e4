/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* One script in one mode: the scripted server in a child process, the probe in this one. */

#include <stdbool.h>
#include <stdio.h>

#include <gnutls/gnutls.h>
#include <maildiag/plugin.h>

#include "script.h"
#include "tls.h"

typedef struct Case {
        const Script *script;
        MdSecurity security;
        ScriptMode mode;
        unsigned cut;
        const MdPlugin *plugin;
        MdTrust *trust;
        gnutls_certificate_credentials_t credentials;
        bool verbose;
} Case;

/* "smtp-basic cut-3 tls" */
void case_name(const Case *run, char *ret, size_t size);
/* Runs it and prints what is wrong, with the conversation and the records.  `produced`: where to write the
 * ids of the findings that came, or NULL.  Returns the number of problems. */
unsigned case_run(const Case *run, FILE *problems, FILE *produced);
