/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the values of an answer mean.  No I/O. */

#include <maildiag/plugin.h>

#include "document.h"

/* "imap", "pop3", "smtp"; NULL for what is none of them. */
const char *autodiscover_protocol(const char *type);

/* A port, or 0 for what is none: only digits, at most 65535. */
unsigned autodiscover_port(const char *text);

/*
 * How a connection is protected.  <Encryption> comes before <SSL> (MS-OXDSCLI); "TLS" is what Outlook
 * calls STARTTLS, except on a port that belongs to implicit TLS; "Auto" and an <SSL> alone leave it to the port.
 */
MdSecurity autodiscover_security(const AutodiscoverProtocol *protocol, unsigned port);

/* Whether a host is one of Microsoft 365 and Outlook.com. */
bool autodiscover_is_microsoft(const char *host);
