/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A probe without a connection, for tests of login: what is sent is kept, what is found is kept, and the
 * server is whoever calls fake_probe_take().
 */

#include <stdbool.h>
#include <stddef.h>

#include "probe-private.h"

/* "plain text" of `secret`; NULL: none. Binding types: "tls-unique", "tls-exporter", NULL. */
MdProbe *fake_probe_new(const char *username, const char *secret);
MdProbe *fake_probe_free(MdProbe *probe);

MdTarget *fake_probe_target(MdProbe *probe);
void fake_probe_set_binding(MdProbe *probe, const char *type);
void fake_probe_set_certificate(MdProbe *probe);

/* The next line that the client sent, without CR LF; NULL when there is none. */
const char *fake_probe_take(MdProbe *probe);
/* Everything that a transcript would show, one line each. */
const char *fake_probe_shown(const MdProbe *probe);
/* One parameter of the last finding of that id, "" when it has none; "evidence" is one, too. */
const char *fake_probe_param(const MdProbe *probe, const char *id, const char *key);
/* A text of the last record of that kind. */
const char *fake_probe_observed(const MdProbe *probe, const char *kind, const char *key);
/* Whether a login was tried, in the sense that something secret left. */
bool fake_probe_was_begun(const MdProbe *probe);
bool fake_probe_was_refused(const MdProbe *probe);
