/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* TLS on the connection, implicit or after STARTTLS; and when it does not come up, the reason. */

#include <errno.h>
#include <string.h>

#include "step-limits.h"
#include "probe-state.h"
#include "side.h"
#include "speech.h"

#define LISTEN_PATIENCE (2 * MD_SEC)    /* with a server that did not answer TLS, on a second connection */

/* A second handshake that takes old versions, to see whether they are the reason.  NULL: none was made. */
static MdTls *try_old(MdProbe *probe, bool implicit, MdStream *side) {
        MdTlsOptions options = md_side_tls_options(probe);
        MdTls *tls = NULL;

        if (md_side_open(probe, md_limit(MD_STAGE_TLS), side) < 0)
                return NULL;
        options.certificate_fd = options.key_fd = -1;
        options.old_versions = true;
        MdTlsIo io = md_stream_io(side);
        int r = implicit ? 0 : md_replay_run(&probe->conn.replay, side);
        if (r >= 0)
                r = md_tls_new(probe->trust, &options, &io, &tls);
        if (r >= 0)
                md_tls_handshake(tls);
        return tls;
}

/* Whether the server greets in clear text, or speaks something else: 0 when that is not the reason. */
static int look_for_text(MdProbe *probe, const MdTls *tls) {
        MdConn *conn = &probe->conn;
        MdStream *stream = &conn->stream, side = { .fd = -1 };

        if (md_tls_outcome(tls) == MD_TLS_NOT_TLS) {
                md_side_finish_line(stream);
        } else if (stream->n_first == 0) {
                md_side_listen(probe, LISTEN_PATIENCE, &side);
                stream = &side;
        } else {
                return 0;
        }
        MdSpeech found = md_classify(stream->first, stream->n_first);
        return md_speech_judge(probe, found, stream->first, stream->n_first, true);
}

static int explain_failure(MdProbe *probe, MdTls *tls, bool implicit) {
        MdStream side = { .fd = -1 };
        MdTls *old = NULL;

        if (implicit && look_for_text(probe, tls) < 0)
                return -EPROTO;
        if (md_tls_wants_old(tls))
                old = try_old(probe, implicit, &side);
        md_tls_report_failure(tls, old, probe);
        md_tls_free(old);
        md_stream_done(&side);
        return -EPROTO;
}

/* A client certificate that cannot be used is a fault of the settings. */
static int refuse_certificate(MdProbe *probe, int error) {
        if (error == -ENOMEM)
                return error;
        md_find(probe, "settings.bad-client-certificate", NULL,
                MD_TEXT("reason", md_credential_trouble(error)));
        return -EPROTO;
}

int md_conn_start_tls(MdProbe *probe, bool implicit) {
        MdConn *conn = &probe->conn;
        MdTlsOptions options = md_side_tls_options(probe);
        MdTlsIo io = md_stream_io(&conn->stream);
        MdTls *tls = NULL;

        if (!probe->trust)
                return -EOPNOTSUPP;
        int r = md_tls_new(probe->trust, &options, &io, &tls);
        if (r < 0)
                return md_conn_broke(probe, refuse_certificate(probe, r));

        conn->stream.n_first = 0;
        conn->stream.deadline = md_probe_deadline(probe, md_limit(MD_STAGE_TLS));
        r = md_tls_handshake(tls);
        if (r == MD_TLS_UP) {
                conn->tls = tls;
                conn->verified = md_tls_verify(tls, probe);
                return 0;
        }
        if (r > 0)
                r = explain_failure(probe, tls, implicit);
        md_tls_free(tls);
        return md_conn_broke(probe, r);
}

int md_step_tls(MdProbe *probe, void *state) {
        if (probe->target->security != MD_SECURITY_TLS)
                return MD_SKIP;
        int r = md_conn_start_tls(probe, true);
        return r < 0 ? r : MD_NEXT;
}

int md_start_tls(MdProbe *probe) {
        size_t size;

        int r = md_flush(probe);
        if (r < 0)
                return r;
        if (md_unread(probe) > 0) {
                const char *bytes = md_conn_peek(probe, &size);
                md_find_bytes(probe, "security.starttls-injection", bytes, size, NULL);
                return md_conn_broke(probe, -EPROTO);
        }
        r = md_conn_start_tls(probe, false);
        if (r >= 0)     /* The time for what follows begins anew. */
                probe->step_deadline = md_probe_deadline(probe, md_limit(MD_STAGE_CAPABILITY));
        return r;
}
