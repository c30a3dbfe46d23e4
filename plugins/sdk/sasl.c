/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Login: chooses the mechanism from what is offered, allowed and at hand, says which one and why, and has it
 * spoken.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <maildiag/sasl.h>

#include "sasl-exchange.h"

static void read_binding(MdProbe *probe, MdSaslIdentity *identity) {
        /* RFC 9266 section 3: tls-unique is not to be had on TLS 1.3, the exporter takes its place. */
        static const char *const types[] = { "tls-unique", "tls-exporter" };
        MdTls *tls = md_probe_tls(probe);
        for (size_t i = 0; tls && i < 2 && !identity->binding_type; i++)
                if (md_tls_channel_binding(tls, types[i], identity->binding, sizeof(identity->binding),
                                           &identity->binding_size) == 0)
                        identity->binding_type = types[i];
}

static MdSaslIdentity identity_of(MdProbe *probe) {
        MdSaslIdentity identity = {
                .username = md_probe_username(probe),
                .host = md_probe_host(probe),
                .port = md_probe_port(probe),
                .secret = md_probe_secret(probe),
        };
        read_binding(probe, &identity);
        return identity;
}

static bool offers_scram(const char *const *offered) {
        for (; *offered; offered++)
                if (!strncasecmp(*offered, "SCRAM-", 6))
                        return true;
        return false;
}

static unsigned means_of(MdProbe *probe, const MdSaslIdentity *identity, const char *const *offered) {
        unsigned means = identity->binding_type ? MD_MEANS_BINDING : 0;
        if (identity->secret)
                means |= md_probe_target(probe)->oauth_token ? MD_MEANS_TOKEN : MD_MEANS_PASSWORD;
        if (md_probe_has_certificate(probe))
                means |= MD_MEANS_CERTIFICATE;
        /* To try it makes a copy of the password. */
        if (offers_scram(offered) && md_sasl_can_prepare(identity->username, identity->secret))
                means |= MD_MEANS_PREPARED;
        return means;
}

/* "PLAIN, LOGIN", cut when there are very many. */
static void join(const char *const *words, char *ret, size_t size) {
        FILE *stream = fmemopen(ret, size, "w");
        *ret = '\0';
        for (size_t i = 0; stream && words[i]; i++)
                fprintf(stream, "%s%s", i > 0 ? ", " : "", words[i]);
        if (stream)
                fclose(stream);
        ret[size - 1] = '\0';
}

static void find_none(MdProbe *probe, unsigned means, const char *const *offered) {
        const char *const *allowed = (const char *const *) md_probe_target(probe)->mechanisms;
        char list[512];
        join(offered, list, sizeof(list));

        if (!offered[0])
                md_find(probe, "auth.not-offered", NULL);
        else if (md_mechanism_weak_only(means, allowed, offered))
                md_find(probe, "auth.weak-mechanism", NULL, MD_TEXT("offered", list));
        else
                md_find(probe, "auth.no-common-mechanism", NULL, MD_TEXT("offered", list));
}

static const MdMechanism *choose(MdProbe *probe, const MdSaslIdentity *identity, const char *const *offered) {
        const char *const *allowed = (const char *const *) md_probe_target(probe)->mechanisms;
        unsigned means = means_of(probe, identity, offered);
        const char *reason;
        const MdMechanism *mechanism = md_mechanism_choose(means, allowed, offered, &reason);
        if (mechanism)
                md_observe(probe, "mechanism", MD_TEXT("name", mechanism->name), MD_OWN("reason", reason),
                           MD_LIST("offered", offered));
        else
                find_none(probe, means, offered);
        return mechanism;
}

bool md_sasl_is_possible(MdProbe *probe, const char *const *offered) {
        const char *const *allowed = (const char *const *) md_probe_target(probe)->mechanisms;
        MdSaslIdentity identity = identity_of(probe);
        const char *reason;
        return identity.username && md_mechanism_choose(means_of(probe, &identity, offered), allowed, offered,
                                                        &reason);
}

int md_sasl_login(MdProbe *probe, const MdSaslProfile *profile, void *state, const char *const *offered) {
        if (!md_probe_may_login(probe))
                return MD_SKIP;

        MdSaslIdentity identity = identity_of(probe);
        const MdMechanism *mechanism = choose(probe, &identity, offered);
        if (!mechanism)
                return MD_DONE;
        if (md_probe_login_begin(probe) < 0)
                return MD_SKIP;

        MdSaslSession session;
        int r = md_sasl_session_init(&session, mechanism, &identity);
        if (r < 0)
                return r;
        r = md_sasl_exchange(probe, profile, state, &session);
        md_sasl_session_done(&session);
        return r;
}
