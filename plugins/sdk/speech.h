/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What it means that a server speaks a protocol, under the settings of a probe. */

#include <stdbool.h>
#include <stddef.h>

#include <maildiag/probe.h>

#include "classify.h"

/*
 * Judges what a server said first, with its first bytes as evidence; wanted_tls: a TLS handshake was offered
 * on that connection.  Raises "port.other-protocol", "port.http", "port.expects-implicit-tls",
 * "port.expects-starttls" or "greeting.garbage" and returns -EPROTO; returns 0 when nothing speaks against
 * the settings.
 */
int md_speech_judge(MdProbe *probe, MdSpeech found, const char *bytes, size_t size, bool wanted_tls);
