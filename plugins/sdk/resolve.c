/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Names to addresses with getaddrinfo(), so that hosts file, resolver and the order of RFC 6724 are those
 * that mail clients on this computer see.  AI_ADDRCONFIG is left out: a family that this computer cannot use
 * is part of the diagnosis.
 */

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdio.h>
#include <string.h>

#include "resolve.h"
#include "wait.h"

#define TRIES 2u
#define WAIT_MAX 5u                     /* seconds for one answer */

/* Bounds the stub resolver of this thread: rounds over all name servers, a number of seconds each.  Returns
 * the longest that it can take, in microseconds. */
static uint64_t bound_resolver(const char *name, uint64_t budget) {
        if (!(_res.options & RES_INIT))
                res_init();
        unsigned servers = _res.nscount > 0 ? (unsigned) _res.nscount : 1;
        unsigned tries = budget >= TRIES * servers * MD_SEC ? TRIES : 1;
        uint64_t wait = budget / MD_SEC / tries / servers;

        wait = wait < 1 ? 1 : wait > WAIT_MAX ? WAIT_MAX : wait;
        _res.retry = (int) tries;
        _res.retrans = (int) wait;
        /* A server name with a dot in it is meant as it stands; each search domain would cost the time
         * again. */
        if (strchr(name, '.'))
                _res.options &= ~(unsigned long) (RES_DNSRCH | RES_DEFNAMES);
        return wait * tries * servers * MD_SEC;
}

/* The stub resolver reports silence and refusal alike (EAI_AGAIN).  Only when every server stayed silent in
 * every round is all of its time used up. */
static int resolution(int error, uint64_t elapsed, uint64_t longest) {
        switch (error) {
        case 0:
                return MD_RESOLVED;
        case EAI_NONAME:
                return MD_RESOLVE_NO_SUCH_NAME;
        case EAI_NODATA:
        case EAI_ADDRFAMILY:
                return MD_RESOLVE_NO_ADDRESS;
        case EAI_AGAIN:
                return elapsed >= longest / 20 * 19 ? MD_RESOLVE_TIMEOUT : MD_RESOLVE_FAILURE;
        case EAI_MEMORY:
                return -ENOMEM;
        case EAI_SYSTEM:
                return errno > 0 ? -errno : -EIO;
        }
        return MD_RESOLVE_FAILURE;
}

static bool has_address(const MdAddresses *addresses, const struct addrinfo *info) {
        for (size_t i = 0; i < addresses->n; i++)
                if (addresses->list[i].length == info->ai_addrlen &&
                    !memcmp(&addresses->list[i].bytes, info->ai_addr, info->ai_addrlen))
                        return true;
        return false;
}

static const struct addrinfo *next_of(const struct addrinfo *info, bool same_family, int family) {
        while (info && (info->ai_family == family) != same_family)
                info = info->ai_next;
        return info;
}

/* RFC 8305 section 4: the preferred family first, then one of each in turn. */
static void interleave(const struct addrinfo *all, MdAddresses *ret) {
        int family = all->ai_family;
        const struct addrinfo *next[2] = { all, next_of(all, false, family) };

        *ret = (MdAddresses) { 0 };
        for (size_t turn = 0; next[0] || next[1]; turn = !turn) {
                const struct addrinfo *info = next[turn];
                if (!info)
                        continue;
                next[turn] = next_of(info->ai_next, turn == 0, family);
                if (info->ai_addrlen > sizeof(ret->list[0].bytes) || has_address(ret, info))
                        continue;
                ret->n_found++;
                if (ret->n == MD_ADDRESSES_MAX)
                        continue;
                memcpy(&ret->list[ret->n].bytes, info->ai_addr, info->ai_addrlen);
                ret->list[ret->n++].length = info->ai_addrlen;
        }
}

int md_resolve(const char *name, uint16_t port, uint64_t budget, MdAddresses *ret) {
        const struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV };
        char service[8];
        struct addrinfo *all = NULL;

        snprintf(service, sizeof(service), "%u", port);
        uint64_t longest = bound_resolver(name, budget), began = md_now();
        int error = getaddrinfo(name, service, &hints, &all);
        int r = resolution(error, md_now() - began, longest);
        if (r != MD_RESOLVED)
                return r;
        interleave(all, ret);
        freeaddrinfo(all);
        return ret->n > 0 ? MD_RESOLVED : MD_RESOLVE_NO_ADDRESS;
}

bool md_address_is_loopback(const MdAddress *address) {
        const struct sockaddr_in6 *six = (const struct sockaddr_in6 *) &address->bytes;
        uint32_t four = 0;

        if (address->bytes.ss_family == AF_INET)
                four = ntohl(((const struct sockaddr_in *) &address->bytes)->sin_addr.s_addr);
        else if (IN6_IS_ADDR_V4MAPPED(&six->sin6_addr))
                four = ntohl(six->sin6_addr.s6_addr32[3]);
        else
                return IN6_IS_ADDR_LOOPBACK(&six->sin6_addr) || IN6_IS_ADDR_UNSPECIFIED(&six->sin6_addr);
        return four >> 24 == 127 || four >> 24 == 0;
}

void md_address_text(const MdAddress *address, char ret[static MD_ADDRESS_TEXT_MAX]) {
        const void *bytes = address->bytes.ss_family == AF_INET6 ?
                            (const void *) &((const struct sockaddr_in6 *) &address->bytes)->sin6_addr :
                            (const void *) &((const struct sockaddr_in *) &address->bytes)->sin_addr;
        if (!inet_ntop(address->bytes.ss_family, bytes, ret, MD_ADDRESS_TEXT_MAX))
                strcpy(ret, "?");
}

const char *md_address_family(const MdAddress *address) {
        return address->bytes.ss_family == AF_INET6 ? "ipv6" : "ipv4";
}
