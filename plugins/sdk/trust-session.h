/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The certificate of a session that a plugin's library made. */

#include <maildiag/discovery.h>

#include "tls.h"

/* As md_verify_session(), for a trust. */
int md_trust_verify_session(const MdTrust *trust, void *session, const char *host, const char **ret_reason);
