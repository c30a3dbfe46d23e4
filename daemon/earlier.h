/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What is remembered of an endpoint from before this diagnosis. Times are seconds of CLOCK_REALTIME; 0: never. */

#include <stdbool.h>
#include <stdint.h>

#include <maildiag/plugin.h>

typedef struct Earlier {
        int64_t tls_at;                 /* TLS was up, and the certificate in order */
        MdSecurity tls_security;        /* how it began */
        int64_t answered_at;            /* the server greeted */
        int64_t refused_at;             /* a login was refused */
        uint32_t n_refused;             /* logins that were refused since one was accepted */
        bool other_certificate;         /* it was another one, in order, than was shown now */
} Earlier;
