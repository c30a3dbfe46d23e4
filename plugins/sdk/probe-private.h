/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the files of the SDK share about a probe, and plugins do not see. */

#include <maildiag/conn.h>

#include "base64.h"
#include "run.h"
#include "secret.h"
#include "target.h"
#include "tls.h"

const MdTarget *md_probe_target(const MdProbe *probe);
/* NULL when none was given. */
const MdSecret *md_probe_secret(const MdProbe *probe);
/* Whether a client certificate was given, so that EXTERNAL is possible.  md_probe_may_login() takes it for a secret. */
bool md_probe_has_certificate(const MdProbe *probe);
/* The session; NULL while the connection is in clear text. */
MdTls *md_probe_tls(const MdProbe *probe);
/* Whether the certificate was found good, for the name that the target demands. */
bool md_probe_is_verified(const MdProbe *probe);

/*
 * Besides md_send_secret() the one door through which the secret leaves: queues `before`, the parts as one piece of
 * base64, `after`, CR LF.  The encoded form comes into being in the queue, which is locked memory; the transcript shows
 * "before***after".  -EACCES unless md_probe_may_login(); -EMSGSIZE.  The first use opens the login attempt; a second
 * one in the same probe is refused (md_probe_login_begin()).
 */
int md_conn_send_encoded(MdProbe *probe, const char *before, const MdPart *parts, size_t n_parts, const char *after);
/* Begins the one login attempt that a probe has: 0, or -EACCES when it was used or md_probe_may_login() says no.
 * md_probe_logged_in() and md_probe_login_refused() tell how it ended. */
int md_probe_login_begin(MdProbe *probe);
/* It came to an end before anything secret left: it does not count. */
void md_probe_login_withdrawn(MdProbe *probe);
