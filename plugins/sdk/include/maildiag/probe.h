/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The context of a probe: what is asked of it, and how it says what it saw.
 *
 * A probe reports observations (facts) and findings (judgements that one dialogue can prove by itself).  Both
 * leave the process as records; text that came from the peer is made harmless on the way (control characters,
 * bidirectional overrides, bad UTF-8), and anything that looks like the secret in one of its encodings is
 * blacked out, so a step may pass on what it read as it is.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <maildiag/plugin.h>

/* ---- what is asked ---- */

/* Name of the server as used on the wire (A-label or address literal). Never NULL. */
const char *md_probe_host(const MdProbe *probe);
/* TCP port, never 0. */
uint16_t md_probe_port(const MdProbe *probe);
MdSecurity md_probe_security(const MdProbe *probe);
MdDepth md_probe_depth(const MdProbe *probe);
/* Login name; NULL when none was given. */
const char *md_probe_username(const MdProbe *probe);
/* Mail address of the account (for MAIL FROM and RCPT TO); NULL when none was given. */
const char *md_probe_address(const MdProbe *probe);
/* What the client calls itself in EHLO (RFC 5321 section 4.1.1.1): an address literal of the local end of the
 * connection, as most mail apps send it.  Valid once connected. */
const char *md_probe_client_name(const MdProbe *probe);
/* Whether a password or token is at hand.  Its value is not to be had: see md_send_secret(). */
bool md_probe_has_secret(const MdProbe *probe);
/* Whether a login may be sent now: a user name and a secret (or, for SASL EXTERNAL, a client certificate) are at
 * hand, and TLS is up and verified (or the settings say security "none" and the caller allowed that by name).  When
 * not, reports why as the fact "login-skipped".  Steps of stage MD_STAGE_AUTH return MD_SKIP then. */
bool md_probe_may_login(MdProbe *probe);
/* Whether a login succeeded; set by md_sasl_login(), or by md_probe_logged_in(). */
bool md_probe_is_logged_in(const MdProbe *probe);
/* How a login that was sent with md_send_secret() ended. */
void md_probe_logged_in(MdProbe *probe);
void md_probe_login_refused(MdProbe *probe);

/* ---- what is seen ---- */

/* A named value of a record.  Keys are [a-z0-9-]. A text of NULL leaves the field out. */
typedef struct MdField {
        const char *key;
        char type;                      /* 's' text, 'u' number, 'b' truth, 'l' list of texts */
        bool own;                       /* a text of the program's own: the secret is not sought in it, since a word
                                         * blacked out by chance would tell a part of it */
        union {
                const char *text;
                uint64_t number;
                const char *const *list;        /* NULL-terminated */
        };
} MdField;

#define MD_TEXT(k, v)   ((MdField) { .key = (k), .type = 's', .text = (v) })
#define MD_OWN(k, v)    ((MdField) { .key = (k), .type = 's', .text = (v), .own = true })
#define MD_NUMBER(k, v) ((MdField) { .key = (k), .type = 'u', .number = (v) })
#define MD_TRUTH(k, v)  ((MdField) { .key = (k), .type = 'b', .number = (v) })
#define MD_LIST(k, v)   ((MdField) { .key = (k), .type = 'l', .list = (v) })

/*
 * Reports a fact of the given kind.  Kinds that the report knows (others are refused by the daemon):
 *
 *   "greeting"    text
 *   "capability"  phase ("before-tls", "after-tls", "after-login"), words (list)
 *   "reply"       to (label of the command, without its arguments), code, enhanced, text: a refusal or anything
 *                 else worth keeping word for word
 *   "fact"        name, and value as text, number, truth or list: whatever else the report shows
 *
 * The SDK itself reports "step", "attempt", "tls", "certificate", "mechanism", "transcript" and "end".
 */
void md_observe_fields(MdProbe *probe, const char *kind, const MdField *fields);
#define md_observe(probe, kind, ...) \
        md_observe_fields((probe), (kind), (const MdField[]) { __VA_ARGS__, { 0 } })

/* Short forms of md_observe(probe, "fact", …). */
void md_fact(MdProbe *probe, const char *name, const char *value);
void md_fact_number(MdProbe *probe, const char *name, uint64_t value);
void md_fact_truth(MdProbe *probe, const char *name, bool value);

/*
 * Raises a finding: an id of the plugin's or the SDK's catalogue (others abort: a programming mistake), the
 * evidence (one line: what the server said, or NULL), and parameters for its texts.  A key "value" is the
 * present value of the setting, "suggested" the one that it should have.  The same id is kept only once per
 * probe.
 */
void md_find_fields(MdProbe *probe, const char *id, const char *evidence, const MdField *params);
#define md_find(probe, id, evidence, ...) \
        md_find_fields((probe), (id), (evidence), (const MdField[]) { __VA_ARGS__ __VA_OPT__(,) { 0 } })

/* Whether this probe raised that finding; id NULL: any of severity error. */
bool md_found(const MdProbe *probe, const char *id);
