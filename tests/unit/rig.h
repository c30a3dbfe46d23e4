/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A probe on one end of a socket pair, the test on the other. */

#include <sys/mman.h>

#include "peer.h"
#include "probe-state.h"
#include "sink.h"

typedef struct Rig {
        MdProbe probe;
        MdTarget target;
        MdRunHooks hooks;
        Sink sink;
        int peer;
} Rig;

static const MdFindingInfo rig_findings[] = {
        { .id = "smtp.test", .severity = MD_SEVERITY_WARNING, .stage = MD_STAGE_AUTH, .setting = "username",
          .title = "", .meaning = "", .remedy = "" },
};

static const MdPlugin rig_plugin = {
        .size = sizeof(MdPlugin), .kind = MD_KIND_PROTOCOL, .name = "smtp", .version = "1",
        .findings = rig_findings, .n_findings = 1,
};

/* A descriptor that holds a password. */
static inline int rig_secret_fd(const char *secret, size_t size) {
        int fd = memfd_create("secret", MFD_CLOEXEC);
        ck_assert_int_ge(fd, 0);
        ck_assert_int_eq(write(fd, secret, size), (ssize_t) size);
        return fd;
}

/* secret NULL: none. */
static inline Rig *rig_new(const char *secret) {
        const int fds[_MD_TARGET_FD_MAX] = { -1, -1, -1, -1, -1 };
        const char *reason;
        int pair[2];
        Rig *rig = calloc(1, sizeof(*rig));

        ck_assert_ptr_nonnull(rig);
        rig->target = (MdTarget) {
                .plugin = (char *) "smtp", .host = (char *) "mail.example.org", .port = 2525,
                .security = MD_SECURITY_NONE, .depth = MD_DEPTH_FULL, .allow_cleartext = true,
                .username = (char *) "alice", .timeout_ms = 30000, .time_scale = 20,
        };
        rig->hooks = (MdRunHooks) { .emit = sink_emit, .userdata = &rig->sink };
        ck_assert_int_eq(md_probe_init(&rig->probe, &rig_plugin, &rig->target, fds, NULL, &rig->hooks), 0);
        ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
        rig->peer = pair[0];
        ck_assert_int_eq(md_conn_open(&rig->probe, pair[1]), 0);
        rig->probe.step_deadline = md_now() + MD_SEC / 2;
        if (secret) {
                int fd = rig_secret_fd(secret, strlen(secret));
                ck_assert_int_eq(md_secret_new(&rig->probe.secret), 0);
                ck_assert_int_eq(md_secret_read(rig->probe.secret, fd, &reason), 0);
                rig->probe.has_secret = true;
                close(fd);
        }
        return rig;
}

static inline void rig_hang_up(Rig *rig) {
        if (rig->peer >= 0)
                close(rig->peer);
        rig->peer = -1;
}

static inline void rig_free(Rig *rig) {
        rig_hang_up(rig);
        md_probe_done(&rig->probe);
        sink_done(&rig->sink);
        free(rig);
}
