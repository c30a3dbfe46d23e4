/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Examinations beside the dialogue. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "examine.h"
#include "probe-state.h"
#include "side.h"
#include "step-limits.h"

#define PATIENCE (5 * MD_SEC)
#define ANSWER_PATIENCE (500 * MD_MSEC) /* with an answer to what was never said inside TLS */
#define INJECTED "NOOP\r\n"             /* whatever the protocol makes of it: a complaint is an answer, too */

/* ---- the certificate for apps that do not name the server ---- */

static void look_without_name(MdProbe *probe) {
        MdTlsOptions options = md_side_tls_options(probe);
        MdStream side = { .fd = -1 };
        MdTls *tls = NULL;
        char names[256];

        options.without_name = true;
        if (md_side_shake_hands(probe, &options, &(MdSideManner) { .replay = !probe->conn.is_implicit, .patience = PATIENCE },
                                &side, &tls) >= 0 &&
            md_tls_outcome(tls) == MD_TLS_UP && md_tls_is_for_others(tls, names, sizeof(names)))
                md_find(probe, "cert.needs-server-name", names, MD_TEXT("names", names));
        md_tls_free(tls);
        md_stream_done(&side);
}

/* ---- commands before TLS ---- */

/* The first line that comes without a question; NULL: none. */
static char *unasked_line(MdProbe *probe, MdTls *tls, MdStream *side) {
        char buffer[256];

        side->deadline = md_probe_deadline(probe, ANSWER_PATIENCE);
        for (;;) {
                ssize_t n = md_tls_read(tls, buffer, sizeof(buffer));
                if (n > 0)
                        return strndup(buffer, strcspn(strndupa(buffer, (size_t) n), "\r\n"));
                if (n != -EAGAIN || md_stream_wait(side, false) < 0)
                        return NULL;
        }
}

/* RFC 3207 section 4.2: what came before the handshake must be forgotten. */
static void inject_command(MdProbe *probe) {
        const MdSideManner manner = { .replay = true, .injected = INJECTED, .patience = PATIENCE };
        MdTlsOptions options = md_side_tls_options(probe);
        MdStream side = { .fd = -1 };
        MdTls *tls = NULL;
        char *line = NULL;

        if (md_side_shake_hands(probe, &options, &manner, &side, &tls) >= 0 && md_tls_outcome(tls) == MD_TLS_UP)
                line = unasked_line(probe, tls, &side);
        if (line)
                md_find(probe, "security.command-injection", line);
        free(line);
        md_tls_free(tls);
        md_stream_done(&side);
}

void md_examine(MdProbe *probe) {
        if (!probe->target->thorough || !probe->conn.verified || md_found(probe, NULL))
                return;
        look_without_name(probe);
        if (!probe->conn.is_implicit)
                inject_command(probe);
}
