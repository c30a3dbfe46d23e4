/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What comes before the first byte to the server: the form of the settings, names, trust, the lock, the
 * secret. */

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <maildiag/discovery.h>

#include "prepare.h"
#include "probe-state.h"
#include "step-limits.h"

/* ---- settings ---- */

static bool has_control(const char *text) {
        for (; text && *text; text++)
                if ((unsigned char) *text < ' ' || *text == 0x7f)
                        return true;
        return false;
}

int md_check_settings(MdProbe *probe) {
        const struct {
                const char *setting, *value;
        } settings[] = {
                { "host", probe->target->host },
                { "host", probe->target->connect_to },
                { "host", probe->target->tls_name },
                { "username", probe->target->username },
                { "address", probe->target->address },
                { "address", probe->target->local_part },
        };
        for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
                if (has_control(settings[i].value)) {
                        md_find(probe, "settings.control-character", NULL,
                                MD_TEXT("setting", settings[i].setting));
                        return MD_PHASE_OVER;
                }
        return MD_PHASE_NEXT;
}

static bool is_literal(const char *host) {
        unsigned char bytes[sizeof(struct in6_addr)];
        return inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1;
}

/* A name as it travels.  Returns 0, MD_PHASE_OVER for a name that cannot be one, -ENOMEM. */
static int to_wire(MdProbe *probe, const char *name, char **ret) {
        if (is_literal(name)) {
                *ret = strdup(name);
                return *ret ? 0 : -ENOMEM;
        }
        int r = md_idna_to_ascii(name, ret);
        if (r != -EINVAL)
                return r;
        md_find(probe, "settings.bad-host", NULL, MD_TEXT("value", name));
        return MD_PHASE_OVER;
}

int md_read_domain(MdProbe *probe) {
        const char *domain = probe->target->host;

        probe->host = md_host_name(domain);
        if (probe->host && strchr(probe->host, '.'))
                return md_idna_to_text(probe->host, &probe->domain_text);
        md_find(probe, "settings.bad-address", NULL, MD_TEXT("setting", "address"),
                MD_TEXT("value", probe->target->address), MD_TEXT("domain", domain));
        return MD_PHASE_OVER;
}

/* ---- names ---- */

static int judge_addresses(MdProbe *probe, const char *name, int resolution) {
        static const char *const ids[] = {
                [MD_RESOLVE_NO_SUCH_NAME] = "dns.no-such-name",
                [MD_RESOLVE_NO_ADDRESS] = "dns.no-address",
                [MD_RESOLVE_FAILURE] = "dns.server-failure",
                [MD_RESOLVE_TIMEOUT] = "dns.timeout",
        };
        char text[MD_ADDRESS_TEXT_MAX];

        if (resolution != MD_RESOLVED) {
                md_find(probe, ids[resolution], name);
                return -EPROTO;
        }
        if (probe->addresses.n_found > probe->addresses.n)
                md_fact_number(probe, "addresses", probe->addresses.n_found);
        if (!strchr(name, '.') || is_literal(name) || !md_address_is_loopback(&probe->addresses.list[0]))
                return 0;
        md_address_text(&probe->addresses.list[0], text);
        md_find(probe, "dns.points-to-this-machine", NULL, MD_TEXT("address", text));
        return 0;
}

/* No address of this computer where it is guarded; the finding is the same whatever listens there, and nothing is sent. */
static int guard_addresses(MdProbe *probe) {
        char text[MD_ADDRESS_TEXT_MAX];
        MdAddress refused;

        if (!probe->target->guarded || md_addresses_guard(&probe->addresses, &refused) == 0)
                return 0;
        md_address_text(&refused, text);
        md_find(probe, "policy.address-refused", NULL, MD_TEXT("address", text));
        return probe->addresses.n > 0 ? 0 : -EPROTO;
}

int md_resolve_target(MdProbe *probe) {
        const char *elsewhere = probe->target->connect_to;
        char *name = NULL;
        int r = to_wire(probe, probe->target->host, &probe->host);
        if (r == 0)
                r = to_wire(probe, elsewhere ? elsewhere : probe->host, &name);
        if (r != 0)
                return r;

        uint64_t began = md_now(), left = probe->deadline - began, limit = md_limit(MD_STAGE_DNS);
        md_report_step(probe, "resolve", MD_STAGE_DNS, "started", began, 0);
        r = md_resolve(name, probe->target->port, md_probe_scaled(probe, left < limit ? left : limit),
                       &probe->addresses);
        if (r >= 0)
                r = judge_addresses(probe, name, r);
        if (r >= 0)
                r = guard_addresses(probe);
        md_report_step(probe, "resolve", MD_STAGE_DNS, r < 0 ? "failed" : "ok", began, r);
        free(name);
        return r == -EPROTO ? MD_PHASE_OVER : r;
}

/* ---- trust, lock, secret ---- */

int md_read_authorities(MdProbe *probe) {
        int fd = probe->fds[MD_TARGET_FD_CA];
        if (fd < 0 || !probe->trust)
                return MD_PHASE_NEXT;
        int r = md_trust_add_fd(probe->trust, fd);
        if (r >= 0 || r == -ENOMEM)
                return r < 0 ? r : MD_PHASE_NEXT;
        md_find(probe, "settings.bad-ca", NULL, MD_TEXT("reason", md_credential_trouble(r)));
        return MD_PHASE_OVER;
}

static bool wants_secret(const MdProbe *probe) {
        return probe->target->depth >= MD_DEPTH_AUTH && probe->fds[MD_TARGET_FD_SECRET] >= 0;
}

int md_lock(MdProbe *probe) {
        int r = wants_secret(probe) ? md_secret_new(&probe->secret) : 0;
        if (r < 0 || !probe->hooks->lock)
                return r;
        r = probe->hooks->lock(probe->hooks->userdata, probe->target);
        return r < 0 ? r : MD_PHASE_NEXT;
}

int md_read_secret(MdProbe *probe) {
        const char *reason;

        if (!wants_secret(probe))
                return MD_PHASE_NEXT;
        int r = md_secret_read(probe->secret, probe->fds[MD_TARGET_FD_SECRET], &reason);
        if (r == -EINVAL) {
                md_find(probe, "settings.bad-secret-fd", NULL, MD_TEXT("reason", reason));
                return MD_PHASE_OVER;
        }
        if (r < 0)
                return r;
        if (md_secret_has_control(probe->secret)) {
                md_find(probe, "settings.control-character", NULL, MD_TEXT("setting", "password"));
                return MD_PHASE_OVER;
        }
        probe->has_secret = true;
        const char *oddity = md_secret_oddity(probe->secret);
        if (oddity)
                md_find(probe, "settings.suspicious-secret", NULL, MD_TEXT("what", oddity));
        return MD_PHASE_NEXT;
}
