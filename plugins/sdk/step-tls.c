/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* TLS on the connection, implicit or after STARTTLS; and when it does not come up, the reason. */

#include <errno.h>
#include <string.h>

#include "step-limits.h"
#include "probe-state.h"
#include "side.h"
#include "speech.h"

#define LISTEN_PATIENCE (2 * MD_SEC)    /* with a server that did not answer TLS, on a second connection */

#define AGAIN_PATIENCE (2 * MD_SEC)     /* with a handshake in another manner, when time is short already */

/* A second handshake that takes old versions, to see whether they are the reason.  NULL: none was made. */
static MdTls *try_old(MdProbe *probe, bool implicit, MdStream *side) {
        const MdSideManner manner = { .replay = !implicit, .patience = md_limit(MD_STAGE_TLS) };
        MdTlsOptions options = md_side_tls_options(probe);
        MdTls *tls = NULL;

        options.old_versions = true;
        md_side_shake_hands(probe, &options, &manner, side, &tls);
        return tls;
}

/* Whether a handshake in another manner comes to its end. */
static bool works(MdProbe *probe, const MdTlsOptions *options, const MdSideManner *manner) {
        MdStream side = { .fd = -1 };
        MdTls *tls = NULL;

        bool up = md_side_shake_hands(probe, options, manner, &side, &tls) >= 0 && md_tls_outcome(tls) == MD_TLS_UP;
        md_tls_free(tls);
        md_stream_done(&side);
        return up;
}

/* The hello arrives, and what the server answers does not: its packets are larger (RFC 2923 section 2.1). */
static bool loses_large_packets(MdProbe *probe, const MdTls *tls, bool implicit) {
        const MdSideManner manner = { .replay = !implicit, .small_segments = true, .patience = AGAIN_PATIENCE };
        MdTlsOptions options = md_side_tls_options(probe);

        if (md_tls_outcome(tls) != MD_TLS_TIMEOUT || !works(probe, &options, &manner))
                return false;
        md_find(probe, "net.large-packets-lost", "with segments of 536 bytes the handshake works");
        return true;
}

/* RFC 8446 section 4.1.2: a server may not choke on a version that it does not know. */
static bool is_intolerant(MdProbe *probe, const MdTls *tls, bool implicit) {
        const MdSideManner manner = { .replay = !implicit, .patience = AGAIN_PATIENCE };
        MdTlsOptions options = md_side_tls_options(probe);

        options.without_newest = true;
        if (!md_tls_may_be_intolerant(tls) || !works(probe, &options, &manner))
                return false;
        md_find(probe, "tls.version-intolerant", md_tls_outcome_to_string(md_tls_outcome(tls)));
        return true;
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
        if (!(old && md_tls_is_old(old)) && !loses_large_packets(probe, tls, implicit))
                is_intolerant(probe, tls, implicit);
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
                conn->is_implicit = implicit;
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
