/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A SASL exchange over a connection: commands, challenges and responses in the frame of a protocol. */

#include <maildiag/sasl.h>

#include "probe-private.h"
#include "sasl-session.h"

/* Runs it to its end.  Returns as md_sasl_login() does once a mechanism is chosen. */
int md_sasl_exchange(MdProbe *probe, const MdSaslProfile *profile, void *state, MdSaslSession *session);
