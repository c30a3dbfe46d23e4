/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The table of profiles.
 *
 * Files are named one by one: a folder such as /etc holds more than a probe has to know.  What is not there is left out;
 * links are followed.
 */

#include <stddef.h>

#include "profile.h"

#define RESOLVER_FILES                                                                                         \
        "/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/host.conf", "/etc/gai.conf",             \
        "/run/systemd/resolve", "/run/resolvconf", "/run/NetworkManager/resolv.conf"

/* Root's key for DNSSEC comes from the package dns-root-data, or is kept by a resolver of this computer. */
static const char *const dns_paths[] = {
        RESOLVER_FILES, "/usr/share/dns", "/var/lib/unbound/root.key", "/etc/unbound/root.key", "/etc/trusted-key.key",
        "/etc/localtime", "/usr/share/zoneinfo", "/dev/urandom", NULL,
};

/* The name service loads its modules when it is first asked.  Certificates are not read: the worker has. */
static const char *const web_paths[] = {
        RESOLVER_FILES, "/etc/ld.so.cache", "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/services",
        "/usr/share/dns", "/var/lib/unbound/root.key", "/etc/unbound/root.key", "/etc/trusted-key.key",
        "/etc/localtime", "/usr/share/zoneinfo", "/dev/urandom", NULL,
};

static const Profile profiles[] = {
        [MD_PROFILE_ENDPOINT] = { .kind = MD_KIND_PROTOCOL, .filter = FILTER_DIALOGUE, .target_port = true },
        [MD_PROFILE_TABLE] = { .kind = MD_KIND_DISCOVERY, .filter = FILTER_TABLE, .data_dir = true },
        [MD_PROFILE_DNS] = { .kind = MD_KIND_DISCOVERY, .discovery = true, .filter = FILTER_DNS, .ports = { 53 },
                             .paths = dns_paths },
        [MD_PROFILE_WEB] = { .kind = MD_KIND_DISCOVERY, .discovery = true, .filter = FILTER_WEB, .ports = { 443, 53 },
                             .target_port = true, .paths = web_paths },
        [MD_PROFILE_SOURCE] = { .kind = MD_KIND_SOURCE, .filter = FILTER_TABLE, .home = true },
};

const Profile *profile_get(MdProfile profile) {
        if (profile < MD_PROFILE_ENDPOINT || profile >= sizeof(profiles) / sizeof(profiles[0]))
                return NULL;
        return &profiles[profile];
}
