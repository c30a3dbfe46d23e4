/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What a discovery plugin is written with: the address that it is asked about, and the ways to say what it found.
 *
 * A plugin of kind MD_KIND_DISCOVERY has no default ports.  Its target is a mail address.  Its steps are a table as
 * for any plugin, run in the sandbox of its profile; each asks one source and returns MD_NEXT, also when the source
 * has nothing: that is no fault.  A step that fails ends the dialogue, and no finding is made from its -errno.
 *
 *     static int step_table(MdProbe *probe, void *state) {
 *             const MdCandidate imap = {
 *                     .protocol = "imap", .host = "imap.example.org", .port = 993, .security = MD_SECURITY_TLS,
 *                     .username_form = MD_USERNAME_ADDRESS, .origin = "table of the tests",
 *                     .assurance = MD_ASSURANCE_TABLE, .asof = "2026-03",
 *             };
 *             md_candidate(probe, &imap);
 *             return MD_NEXT;
 *     }
 */

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <maildiag/probe.h>

/* ---- what is asked ---- */

/* The whole address is md_probe_address(), as its owner writes it. */

/* What stands before the "@", without quotes.  Never NULL in a discovery plugin. */
const char *md_probe_local_part(const MdProbe *probe);
/* The domain for the network: A-labels, lower case, no dot at the end. */
const char *md_probe_domain(const MdProbe *probe);
/* The same for people and for documents that want U-labels. */
const char *md_probe_domain_text(const MdProbe *probe);
/* Mail exchangers of the domain, as far as somebody has asked for them already: A-labels, lower case.  NULL-terminated;
 * never NULL. */
const char *const *md_probe_mx(const MdProbe *probe);
/* Servers that the settings of the account name at present; the same form. */
const char *const *md_probe_hosts(const MdProbe *probe);
/* The folder with what the administrator adds to a table.  It need not exist. */
const char *md_probe_data_dir(const MdProbe *probe);

/* Whether a host is the domain or lies in it.  Both A-labels; letters are compared without case. */
bool md_host_is_within(const char *host, const char *domain);

/* A new string: the name as it travels, A-labels in lower case without a dot at the end.  NULL: it cannot be the name of
 * a host, or an address literal was given. */
char *md_host_name(const char *text);

/* ---- time ---- */

/* Milliseconds until the deadline of this step; 0: it is over.  For libraries that have a limit of their own to be set. */
uint32_t md_probe_left_ms(const MdProbe *probe);
/*
 * Waits as poll(2) does, for at most max_ms and never beyond the deadline of the step: for libraries that hand out their
 * descriptors.  Returns how many are ready, 0 when max_ms have passed, -ETIMEDOUT at the deadline, -ECANCELED when nobody
 * listens to the probe any more.
 */
int md_poll(MdProbe *probe, struct pollfd *fds, size_t n_fds, uint32_t max_ms);

/* ---- the network ---- */

#define MD_LOOKUP_MAX 8u                /* addresses of a name that are told */
#define MD_LOOKUP_TEXT_MAX 64u

typedef enum MdLookupOutcome {
        MD_LOOKUP_FOUND,
        MD_LOOKUP_NOTHING,              /* there is no such name, or it has no address */
        MD_LOOKUP_LOCAL,                /* it has only addresses of this computer or its link, which a stranger's name must not
                                         * lead to */
        MD_LOOKUP_FAILED,               /* name servers answered that they cannot tell */
        MD_LOOKUP_SILENT,               /* no name server answered */
} MdLookupOutcome;

typedef struct MdLookup {
        size_t n;
        char addresses[MD_LOOKUP_MAX][MD_LOOKUP_TEXT_MAX];      /* as texts, in the order in which to try them */
} MdLookup;

/* Looks a name up as mail apps on this computer do, for libraries that shall not do it themselves; within the deadline of
 * the step.  `own`: the administrator named it, so it may be this computer.  Returns an MdLookupOutcome, or -errno for our
 * own trouble. */
int md_lookup(MdProbe *probe, const char *host, bool own, MdLookup *ret);

/* The proxy through which documents of the web are fetched, "http://host:port"; NULL: none. */
const char *md_probe_proxy(const MdProbe *probe);
/* The central database of settings that may be asked: an URL to which a domain is added; NULL: none. */
const char *md_probe_ispdb(const MdProbe *probe);

/*
 * Whether the peer of a session that a library made with GnuTLS (`session` is a gnutls_session_t) has proved to be `host`, by
 * the authorities that this probe trusts: the system's and the caller's.  A library knows only one of the two, so its own
 * check is switched off and this one is asked before anything is sent.  Returns 0; -EKEYREJECTED with the reason in words,
 * such as "it has expired"; -ENOMEM.
 */
int md_verify_session(MdProbe *probe, void *session, const char *host, const char **ret_reason);

#define MD_DIGEST_TEXT_SIZE 45u         /* with its NUL */

/* The SHA-256 of some bytes in base64.  Returns 0 or -EIO. */
int md_digest_text(const void *bytes, size_t size, char ret[static MD_DIGEST_TEXT_SIZE]);

/* ---- candidates ---- */

/* What speaks for the answer of a source. */
typedef enum MdAssurance {
        MD_ASSURANCE_NONE,              /* "insecure": whoever sits in between could have made it up */
        MD_ASSURANCE_TABLE,             /* "table": collected beforehand, from a source that is named */
        MD_ASSURANCE_HTTPS,             /* "https": from a host that proved its name */
        MD_ASSURANCE_DNSSEC,            /* "dnssec": signed by whoever runs the domain */
} MdAssurance;

/* How the user name follows from the address. */
typedef enum MdUsernameForm {
        MD_USERNAME_UNKNOWN,
        MD_USERNAME_ADDRESS,            /* the whole address */
        MD_USERNAME_LOCAL_PART,         /* what stands before the "@" */
        MD_USERNAME_OTHER,              /* anything else: given in full, or known to its owner only */
} MdUsernameForm;

/* Settings that a source gives for one service.  Everything is copied. */
typedef struct MdCandidate {
        const char *protocol;           /* word of a protocol: "imap", "pop3", "smtp" */
        const char *host;               /* as it was found */
        uint32_t port;                  /* as it was found */
        MdSecurity security;
        MdUsernameForm username_form;
        const char *username;           /* in full, placeholders filled in; NULL: as the form says */
        const char *const *auth;        /* words, the best first: "password" (any mechanism that sends it), "encrypted-password"
                                         * (CRAM-MD5, SCRAM), "oauth2", "kerberos", "ntlm", "client-certificate", "none";
                                         * NULL-terminated; NULL: not said */
        const char *origin;             /* where it stands: the URL of the document, "SRV _imaps._tcp.example.org", the
                                         * source of the row of a table */
        MdAssurance assurance;
        const char *asof;               /* how old the fact is: "2025", "2025-03" or "2025-03-01"; NULL: of today */
        const char *until;              /* it was right up to that date and is not any more; NULL: it is right */
        uint32_t priority;              /* order within the origin, the least first */
        bool disputed;                  /* other sources that were collected with it say otherwise */
} MdCandidate;

#define MD_CANDIDATES_MAX 64u           /* of one probe */

/*
 * Hands out a candidate.  Host, port, protocol, dates and texts are checked here, so that a plugin passes on what it read:
 * what cannot be a setting raises "autoconf.bad-value", more than MD_CANDIDATES_MAX raise "autoconf.too-many".
 * Whether the host lies outside of the domain is found out here, too.  Returns whether it was taken.
 */
bool md_candidate(MdProbe *probe, const MdCandidate *candidate);

/* What came of asking one source. */
typedef enum MdSourceOutcome {
        MD_SOURCE_FOUND,                /* "found": it names settings, or who has them */
        MD_SOURCE_NOTHING,              /* "nothing": it answered that it has none */
        MD_SOURCE_FAILED,               /* "failed": no answer, or none that can be used */
} MdSourceOutcome;

/* Tells that a source was asked, so that the report can list every attempt; `origin` as in MdCandidate, `detail` why it
 * failed or anything else in a few words; NULL. */
void md_source(MdProbe *probe, const char *origin, MdSourceOutcome outcome, MdAssurance assurance, const char *detail);

/* ---- what a table knows besides ---- */

/* Who runs the mail of the domain.  `by` is what showed it: "domain", "mx" or "host"; `evidence` the name that did (NULL:
 * none). */
void md_provider(MdProbe *probe, const char *id, const char *name, const char *by, const char *evidence);

typedef enum MdPreconditionKind {
        MD_PRECONDITION_APP_PASSWORD,   /* "app-password": apps need a password of their own */
        MD_PRECONDITION_SERVICE_OFF,    /* "service-off": off until it is switched on in the account */
        MD_PRECONDITION_OAUTH_ONLY,     /* "oauth-only": no password, sign-in with the browser */
        MD_PRECONDITION_BRIDGE,         /* "bridge": only through a program on this computer */
        MD_PRECONDITION_PAID,           /* "paid": only for paying customers */
        MD_PRECONDITION_UNSUPPORTED,    /* "unsupported": the provider lets no mail app in */
        MD_PRECONDITION_OTHER,          /* "other": see its text */
        _MD_PRECONDITION_KIND_MAX,
} MdPreconditionKind;

/* What has to be done before settings can work. */
typedef struct MdPrecondition {
        MdPreconditionKind kind;
        const char *protocol;           /* of the service that it is about; NULL: of all */
        const char *text;               /* what has to be done, English; NULL */
        const char *url;                /* the provider's page about it, https; NULL */
        const char *since;              /* since when it is so, as MdCandidate.asof; NULL: not known */
        const char *checked;            /* when somebody last looked; NULL: not known */
        const char *origin;             /* the source of the fact */
} MdPrecondition;

/* A page that is not https is left out. */
void md_precondition(MdProbe *probe, const MdPrecondition *precondition);

/* A name of the settings is nearly one that is known: a typing error.  `setting` is "address" (its domain) or "host",
 * `distance` how many letters are wrong. */
void md_resembles(MdProbe *probe, const char *setting, const char *value, const char *known, unsigned distance);
