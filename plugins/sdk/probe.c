/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The context of a probe: what is asked of it, and whether it may log in. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "locked.h"
#include "probe-state.h"
#include "source.h"

int md_probe_init(MdProbe *probe, const MdPlugin *plugin, const MdTarget *target,
                  const int fds[static _MD_TARGET_FD_MAX], MdTrust *trust, const MdRunHooks *hooks) {
        *probe = (MdProbe) {
                .plugin = plugin,
                .target = target,
                .hooks = hooks,
                .trust = trust,
                .began = md_now(),
                .conn.stream.fd = -1,
                .conn.out = md_locked_new(MD_CONN_OUT_SIZE),
                .transcript = md_transcript_new(),
        };
        memcpy(probe->fds, fds, sizeof(probe->fds));
        probe->deadline = probe->step_deadline = probe->began + target->timeout_ms * MD_MSEC;
        return probe->transcript && probe->conn.out ? 0 : -ENOMEM;
}

void md_probe_done(MdProbe *probe) {
        md_conn_close(probe);
        probe->conn.out = md_locked_free(probe->conn.out, MD_CONN_OUT_SIZE, 0);
        md_attempts_done(&probe->attempts);
        probe->secret = md_secret_free(probe->secret);
        probe->transcript = md_transcript_free(probe->transcript);
        free(probe->host);
        free(probe->domain_text);
        md_source_done(probe);
        probe->host = probe->domain_text = NULL;
}

uint64_t md_probe_scaled(const MdProbe *probe, uint64_t usec) {
        return probe->target->time_scale > 1 ? usec / probe->target->time_scale : usec;
}

uint64_t md_probe_deadline(const MdProbe *probe, uint64_t usec) {
        uint64_t deadline = md_now() + md_probe_scaled(probe, usec);
        return deadline < probe->deadline ? deadline : probe->deadline;
}

/* ---- what is asked ---- */

const char *md_probe_host(const MdProbe *probe) {
        return probe->host ? probe->host : probe->target->host;
}

uint16_t md_probe_port(const MdProbe *probe) {
        return probe->target->port;
}

MdSecurity md_probe_security(const MdProbe *probe) {
        return probe->target->security;
}

MdDepth md_probe_depth(const MdProbe *probe) {
        return probe->target->depth;
}

const char *md_probe_username(const MdProbe *probe) {
        return probe->target->username;
}

const char *md_probe_address(const MdProbe *probe) {
        return probe->target->address;
}

const char *md_probe_client_name(const MdProbe *probe) {
        return probe->client_name;
}

const MdTarget *md_probe_target(const MdProbe *probe) {
        return probe->target;
}

MdTls *md_probe_tls(const MdProbe *probe) {
        return probe->conn.tls;
}

bool md_probe_is_verified(const MdProbe *probe) {
        return probe->conn.tls && probe->conn.verified;
}

/* ---- login ---- */

bool md_probe_has_secret(const MdProbe *probe) {
        return probe->has_secret;
}

const MdSecret *md_probe_secret(const MdProbe *probe) {
        return probe->has_secret ? probe->secret : NULL;
}

bool md_probe_has_certificate(const MdProbe *probe) {
        return probe->fds[MD_TARGET_FD_CERTIFICATE] >= 0;
}

/* Why no login may be sent, as a sentence for a person; NULL: it may. */
static const char *login_obstacle(const MdProbe *probe) {
        const MdTarget *target = probe->target;

        if (target->depth < MD_DEPTH_AUTH)
                return "only the connection was to be checked";
        if (!target->username)
                return "no user name was given";
        if (!probe->has_secret && !md_probe_has_certificate(probe))
                return "no password was given";
        if (probe->conn.tls)
                return probe->conn.verified ? NULL : "the certificate of the server was not accepted";
        if (target->security != MD_SECURITY_NONE)
                return "the connection is not encrypted";
        if (target->allow_cleartext)
                return NULL;
        return "the connection is not encrypted, and a login without encryption was not allowed";
}

bool md_probe_may_login(MdProbe *probe) {
        const char *obstacle = login_obstacle(probe);
        if (obstacle && !probe->told_skip)
                md_observe(probe, "fact", MD_OWN("name", "login-skipped"), MD_OWN("value", obstacle));
        probe->told_skip = probe->told_skip || obstacle;
        return !obstacle;
}

int md_probe_login_begin(MdProbe *probe) {
        if (probe->login != MD_LOGIN_NONE || !md_probe_may_login(probe))
                return -EACCES;
        probe->login = MD_LOGIN_BEGUN;
        return 0;
}

void md_probe_login_withdrawn(MdProbe *probe) {
        if (probe->login == MD_LOGIN_BEGUN)
                probe->login = MD_LOGIN_NONE;
}

void md_probe_login_refused(MdProbe *probe) {
        if (probe->login == MD_LOGIN_BEGUN)
                probe->login = MD_LOGIN_REFUSED;
}

void md_probe_logged_in(MdProbe *probe) {
        probe->login = MD_LOGIN_OK;
}

bool md_probe_is_logged_in(const MdProbe *probe) {
        return probe->login == MD_LOGIN_OK;
}
