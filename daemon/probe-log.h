/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What one probe said: its records, checked and kept in order.  A probe is not trusted: what breaks the rules ends
 * it. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "denial.h"
#include "earlier.h"
#include "record.h"
#include "target.h"

#define PROBE_LOG_RECORDS_MAX 1024u
#define PROBE_LOG_SOURCE_RECORDS_MAX 20000u      /* where a source is read: an account is many records */
#define PROBE_LOG_BYTES_MAX (512u * 1024u)      /* of all texts */
#define PROBE_LOG_SOURCE_BYTES_MAX (8u * 1024u * 1024u)

/* How a probe ended. */
typedef enum ProbeEnd {
        PROBE_RUNNING,
        PROBE_ENDED,                    /* it said so itself, with a record "end" */
        PROBE_CRASHED,                  /* a signal, `detail` is its number */
        PROBE_OVERDUE,                  /* killed at its deadline */
        PROBE_RUBBISH,                  /* sent records that break the rules */
        PROBE_SILENT,                   /* ended without "end" */
        PROBE_REFUSED,                  /* the worker did not start it, `text` says why */
        PROBE_WORKER_LOST,              /* the worker died */
        PROBE_CANCELLED,
} ProbeEnd;

/* Why a target is tried. */
typedef enum ProbeWhy {
        PROBE_CONFIGURED,               /* the settings say so */
        PROBE_AUTO,                     /* the settings leave the security open */
        PROBE_AUTO_LOGIN,               /* a candidate of those that works, now with login */
        PROBE_OTHER_SECURITY,           /* another security or port of the same host */
        PROBE_OTHER_PROTOCOL,           /* the protocol that the port speaks */
        PROBE_OTHER_NAME,               /* a name that certificate, greeting or name service give the host */
        PROBE_USUAL_NAME,               /* a name that hosts of the account's domain usually have */
        PROBE_OTHER_USERNAME,           /* the other form of the user name, with login */
        PROBE_OTHER_MECHANISM,          /* any that the server offers, with login, where the settings allow none of them */
        PROBE_PROOF,                    /* an alternative that works, now with login */
        PROBE_AGAIN,                    /* the same once more, without login: is its certificate always the same? */
        PROBE_CONTROL,                  /* another host, connection only: is it the network? */
        PROBE_FINDER,                   /* no server: asks what the settings of the address should be */
        PROBE_DISCOVERED,               /* what somebody said they should be */
        PROBE_SIMILAR_NAME,             /* a name that is known, and the host of the settings nearly has */
        _PROBE_WHY_MAX,
} ProbeWhy;

/* The word of the report for it: "configured", "auto", "other-security", … */
const char *probe_why_to_string(ProbeWhy why);
/* Whether the settings themselves ask for this target; the rest are attempts to find something better. */
bool probe_why_is_configured(ProbeWhy why);

#define SERVICE_NONE SIZE_MAX           /* it belongs to no service of the settings */

typedef struct ProbeLog {
        size_t service;                 /* index in the settings; SERVICE_NONE */
        ProbeWhy why;
        MdTarget target;                /* owned copy */
        MdPurpose purpose;
        char *assumed_from;             /* nobody gave this service: where it was found; NULL: it was given */
        Denial denial;                  /* of the login that the settings ask for */
        Earlier earlier;                /* what was seen at the target before */
        char *secret_missing;           /* name of a secret that could not be had; NULL: none */
        bool waits;                     /* with its start, for other logins of the account */
        bool superseded;                /* set by the judge: another candidate of the service answers for it */
        size_t n_records;
        MdRecord *records;
        size_t n_bytes;
        ProbeEnd end;
        int detail;
        char *text;
} ProbeLog;

ProbeLog *probe_log_new(size_t service, ProbeWhy why, const MdTarget *target, MdPurpose purpose);
ProbeLog *probe_log_free(ProbeLog *log);

/*
 * Takes over one record (empties it).  Texts that are not harmless are cleaned again.  Returns 1 when a step began
 * (for progress), 0 for any other record, -EBADMSG for an unknown kind, a missing or mistyped field, or too much of
 * it: the caller kills the probe and sets PROBE_RUBBISH.
 */
int probe_log_add(ProbeLog *log, MdRecord *record);
/* Name of the step that began last; NULL before the first. */
const char *probe_log_step(const ProbeLog *log);
/* Sets how it ended, once; the first wins. */
void probe_log_end(ProbeLog *log, ProbeEnd end, int detail, const char *text);

/* Whether it raised that finding; whether it logged in ("ok", "refused", "not-tried"); the value of a fact, NULL when
 * there is none. */
bool probe_log_found(const ProbeLog *log, const char *code);
const char *probe_log_login(const ProbeLog *log);
const MdField *probe_log_fact(const ProbeLog *log, const char *name);
/* Whether an address answered; address of the connection that was used, or NULL. */
const char *probe_log_address(const ProbeLog *log);

/* Whether two probes tried the same address, as far as their names led to any. */
bool probe_log_shares_address(const ProbeLog *log, const ProbeLog *other);

/* Records of a kind, in order: give NULL for the first, then the one before.  NULL: no more. */
const MdRecord *probe_log_next(const ProbeLog *log, const MdRecord *after, const char *kind);
