/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A target: one service, or one alternative to it, that a probe is to try; and the request that carries it from
 * the daemon through the worker to the probe.  Secrets are no part of it: they travel as descriptors beside it. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <maildiag/plugin.h>

#include "record.h"

typedef struct MdTarget {
        char *plugin;                   /* name of the plugin: "imap" */
        char *host;                     /* as on the wire: A-label, or address literal without brackets; NULL only where a
                                         * source is asked */
        char *connect_to;               /* name or address to connect to instead of host; NULL */
        char *tls_name;                 /* name that the certificate must carry instead of host; NULL */
        uint16_t port;
        MdSecurity security;
        MdDepth depth;
        char *username;                 /* NULL: none */
        char *address;                  /* mail address; NULL: none */
        char **mechanisms;              /* NULL-terminated, the only ones allowed, in order; NULL: any */
        char *local_part;               /* a discovery plugin is asked: of the address, whose domain is the host, and the
                                         * port 0; NULL: a server is to be tried */
        char **mx;                      /* NULL-terminated: exchangers of that domain that are known; NULL */
        char **hosts;                   /* NULL-terminated: servers in the settings of the account; NULL */
        char *data_dir;                 /* folder with additions to a table; NULL */
        char *proxy;                    /* "http://host:port": through which the web is reached; NULL: directly */
        char *ispdb;                    /* URL that a domain is added to: the central database of settings; NULL: none */
        char *home;                     /* a source plugin is asked: the home directory of its user; then there is neither host
                                         * nor port */
        char *place;                    /* what it is to read instead of what it declares; NULL */
        bool oauth_token;               /* the secret is an OAuth 2.0 access token */
        bool allow_cleartext;           /* login without TLS, where security is "none" */
        bool guarded;                   /* the computer that it runs on, and its link, are not connected to */
        bool thorough;                  /* with further connections: what other apps and people on the way could do */
        uint32_t timeout_ms;            /* of the whole probe */
        uint32_t time_scale;            /* divides the waiting times of a dialogue; 1; larger in tests */
} MdTarget;

/* Descriptors that travel with a request, in this order on the wire, each named by a truth field "fd-NAME". */
typedef enum MdTargetFd {
        MD_TARGET_FD_RECORDS,           /* where the probe writes its records; always there */
        MD_TARGET_FD_SECRET,            /* password or token, read only in the probe */
        MD_TARGET_FD_CA,                /* PEM: certificates to trust besides the system's */
        MD_TARGET_FD_CERTIFICATE,       /* PEM: client certificate */
        MD_TARGET_FD_KEY,               /* PEM: its key */
        _MD_TARGET_FD_MAX,
} MdTargetFd;

void md_target_done(MdTarget *target);

/* Fills a record of kind "probe" with the target and "id"; fds that are -1 are left out. */
int md_target_to_record(const MdTarget *target, uint64_t id, const int fds[static _MD_TARGET_FD_MAX], MdRecord *ret);
/* The reverse; `fds` is what came with the record, ret_fds gets -1 for absent ones.  Returns 0, -EBADMSG, -ENOMEM. */
int md_target_from_record(const MdRecord *record, const int *fds, size_t n_fds,
                          MdTarget *ret, uint64_t *ret_id, int ret_fds[static _MD_TARGET_FD_MAX]);

/* Takes a proxy apart: "http://host:port", nothing else.  Returns 0, -EINVAL. */
#define MD_PROXY_HOST_SIZE 254u
int md_proxy_parse(const char *proxy, char ret_host[static MD_PROXY_HOST_SIZE], uint16_t *ret_port);

/* Words of settings; to_string never returns NULL, from_string returns -EINVAL for others. */
const char *md_security_to_string(MdSecurity security);
int md_security_from_string(const char *word);
const char *md_depth_to_string(MdDepth depth);
int md_depth_from_string(const char *word);
const char *md_severity_to_string(MdSeverity severity);
const char *md_actor_to_string(MdActor actor);
const char *md_stage_to_string(MdStage stage);
int md_severity_from_string(const char *word);
int md_actor_from_string(const char *word);
int md_stage_from_string(const char *word);
