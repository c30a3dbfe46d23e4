/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The state of a probe, for the files that make up its runtime: no other file looks inside. */

#include "attempt.h"
#include "conn-private.h"
#include "probe-private.h"
#include "resolve.h"
#include "transcript.h"
#include "wait.h"

#define MD_FOUND_MAX 64u                /* different findings of one probe */

/* A probe has one login: never a second with a secret that may be the wrong one. */
typedef enum MdLogin {
        MD_LOGIN_NONE,
        MD_LOGIN_BEGUN,
        MD_LOGIN_OK,
        MD_LOGIN_REFUSED,
} MdLogin;

struct MdProbe {
        const MdPlugin *plugin;
        const MdTarget *target;
        const MdRunHooks *hooks;
        MdTrust *trust;                 /* NULL: no TLS possible */
        char *host;                     /* of the target, as on the wire; a discovery plugin's: the domain */
        char *domain_text;              /* the same for people; a discovery plugin's only */
        size_t n_candidates;
        size_t n_source_records, n_source_faults, n_source_accounts;
        char **places;                  /* what a source plugin may read; a source plugin's only */
        int fds[_MD_TARGET_FD_MAX];
        int trouble;                    /* -errno: a record could not leave; the probe ends */

        uint64_t began, deadline, step_deadline;
        bool in_goodbye;                /* its failures are no findings */

        MdSecret *secret;
        bool has_secret;                /* it was read */
        MdLogin login;
        bool secret_sent, told_skip;

        const MdFindingInfo *found[MD_FOUND_MAX];
        size_t n_found, n_errors;

        MdAddresses addresses;
        MdAttempts attempts;
        MdConn conn;
        MdTranscript *transcript;
        char offered[256];              /* what the server offered last, its words in one line */
        uint64_t bytes_in, bytes_out;
        char client_name[MD_ADDRESS_TEXT_MAX + 16];
};

/* Initialises the state, whose `target`, `hooks` and `plugin` must outlive it: 0 or -ENOMEM.  Call
 * md_probe_done() in either case. */
int md_probe_init(MdProbe *probe, const MdPlugin *plugin, const MdTarget *target,
                  const int fds[static _MD_TARGET_FD_MAX], MdTrust *trust, const MdRunHooks *hooks);
void md_probe_done(MdProbe *probe);

/* A copy of text from anywhere that may leave the probe: without the secret, harmless, at most `max`
 * bytes.  NULL when out of memory, which ends the probe. */
char *md_probe_harmless(MdProbe *probe, const char *text, size_t size, size_t max);

/* Lets a record leave, and releases it; `r` is how making it went.  Its texts have been through md_probe_harmless(). */
void md_observe_record(MdProbe *probe, MdRecord *record, int r);
/* What was observed so far leaves now.  To be called before time passes. */
void md_observe_flush(MdProbe *probe);

/* Like md_find_fields(), with the first line of some bytes as evidence. */
void md_find_bytes(MdProbe *probe, const char *id, const char *bytes, size_t size, const MdField *params);

/* A waiting time under the time scale of the target. */
uint64_t md_probe_scaled(const MdProbe *probe, uint64_t usec);
/* The deadline that such a waiting time ends at, cut by that of the whole probe. */
uint64_t md_probe_deadline(const MdProbe *probe, uint64_t usec);
