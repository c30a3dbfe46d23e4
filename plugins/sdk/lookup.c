/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the libraries of a discovery plugin need from the SDK to speak with hosts: addresses, and whether a peer is who it
 * should be. */

#include <errno.h>
#include <string.h>

#include <maildiag/discovery.h>

#include "probe-state.h"
#include "trust-session.h"

#define LOOKUP_LIMIT (5 * MD_SEC)       /* for one name */

/* What a stranger's name must not lead to. */
static bool is_closed(const MdProbe *probe, const MdAddress *address) {
        return probe->target->guarded ? md_address_is_internal(address) : md_address_is_special(address);
}

static void keep(const MdProbe *probe, const MdAddresses *found, bool own, MdLookup *ret) {
        for (size_t i = 0; i < found->n && ret->n < MD_LOOKUP_MAX; i++)
                if (own || !is_closed(probe, &found->list[i]))
                        md_address_text(&found->list[i], ret->addresses[ret->n++]);
}

int md_lookup(MdProbe *probe, const char *host, bool own, MdLookup *ret) {
        static const MdLookupOutcome outcomes[] = {
                [MD_RESOLVED] = MD_LOOKUP_LOCAL,        /* unless an address is left */
                [MD_RESOLVE_NO_SUCH_NAME] = MD_LOOKUP_NOTHING,
                [MD_RESOLVE_NO_ADDRESS] = MD_LOOKUP_NOTHING,
                [MD_RESOLVE_FAILURE] = MD_LOOKUP_FAILED,
                [MD_RESOLVE_TIMEOUT] = MD_LOOKUP_SILENT,
        };
        MdAddresses found = { 0 };
        uint64_t left = md_probe_left_ms(probe) * MD_MSEC, limit = md_probe_scaled(probe, LOOKUP_LIMIT);

        *ret = (MdLookup) { 0 };
        if (left == 0)
                return MD_LOOKUP_SILENT;
        int r = md_resolve(host, 443, left < limit ? left : limit, &found);
        if (r < 0)
                return r;
        keep(probe, &found, own, ret);
        return ret->n > 0 ? MD_LOOKUP_FOUND : (int) outcomes[r];
}

const char *md_probe_proxy(const MdProbe *probe) {
        return probe->target->proxy;
}

const char *md_probe_ispdb(const MdProbe *probe) {
        return probe->target->ispdb;
}

int md_verify_session(MdProbe *probe, void *session, const char *host, const char **ret_reason) {
        if (probe->trust)
                return md_trust_verify_session(probe->trust, session, host, ret_reason);
        *ret_reason = "no authority is known";
        return -EKEYREJECTED;
}
