/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* AUTHENTICATE (RFC 5804 section 2.1): the SDK speaks the mechanism, this knows how it is framed. */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <maildiag/sasl.h>

#include "sieve.h"

static int login_begin(MdProbe *probe, void *state, const char *mechanism, char *ret, size_t size) {
        SieveState *sieve = state;

        int r = md_expect_silence(probe);
        if (r < 0)
                return r;
        snprintf(sieve->mechanism, sizeof(sieve->mechanism), "%s", mechanism);
        return snprintf(ret, size, "AUTHENTICATE \"%s\"", mechanism) < (int) size ? 0 : -EINVAL;
}

static int login_read(MdProbe *probe, void *state, MdSaslReply *ret) {
        SieveState *sieve = state;
        const SieveResponse *response = &sieve->response;

        int r = sieve_read(probe, sieve);
        if (r < 0)
                return r;
        switch (response->status) {
        case SIEVE_DATA:
                *ret = (MdSaslReply) { MD_SASL_CONTINUE, response->name };
                break;
        case SIEVE_OK:
                *ret = (MdSaslReply) { MD_SASL_ACCEPTED,
                                       strcasecmp(response->code, "SASL") ? NULL : response->code_text };
                break;
        case SIEVE_NO:
        case SIEVE_BYE:
                *ret = (MdSaslReply) { MD_SASL_REFUSED, sieve->line };
                break;
        }
        return 0;
}

static void login_refused(MdProbe *probe, void *state) {
        sieve_refused(probe, state, "auth", "AUTHENTICATE");
}

int sieve_step_login(MdProbe *probe, void *state) {
        static const MdSaslProfile profile = {
                .initial_response = true,
                .quoted = true,
                .begin = login_begin,
                .read = login_read,
                .refused = login_refused,
        };
        SieveState *sieve = state;

        if (!md_probe_username(probe))
                return MD_SKIP;
        if (!md_is_encrypted(probe) && sieve->starttls && !sieve->mechanisms[0]) {
                md_find(probe, "auth.not-possible-without-tls", NULL);
                return MD_DONE;
        }
        return md_sasl_login(probe, &profile, sieve, (const char *const *) sieve->mechanisms);
}
