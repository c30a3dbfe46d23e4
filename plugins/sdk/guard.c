/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Addresses that a stranger does not have connected to from here: what listens there trusts the computer that it is on.
 *
 * An address that carries one of IPv4 inside (mapped, NAT64, 6to4) is what it carries.
 */

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "resolve.h"

/* Blocks of addresses: the first `bits` bits are these. */
typedef struct Block {
        unsigned bits;
        uint8_t bytes[16];
} Block;

static const Block blocks4[] = {
        { 8, { 0 } },                           /* this network */
        { 8, { 127 } },                         /* loopback */
        { 16, { 169, 254 } },                   /* link-local, and the metadata of most clouds */
        { 32, { 100, 100, 100, 200 } },         /* metadata */
        { 32, { 192, 0, 0, 192 } },             /* metadata */
        { 32, { 168, 63, 129, 16 } },           /* metadata */
        { 3, { 224 } },                         /* multicast, reserved, broadcast */
};

static const Block blocks6[] = {
        { 128, { 0 } },                         /* unspecified */
        { 128, { [15] = 1 } },                  /* loopback */
        { 10, { 0xfe, 0x80 } },                 /* link-local */
        { 10, { 0xfe, 0xc0 } },                 /* site-local, as it was once */
        { 128, { 0xfd, 0x00, 0x0e, 0xc2, [14] = 0x02, [15] = 0x54 } },  /* metadata */
        { 8, { 0xff } },                        /* multicast */
};

/* Where an address of IPv4 stands in one of IPv6. */
static const struct {
        Block block;
        size_t offset;
} carriers[] = {
        { { 96, { [10] = 0xff, [11] = 0xff } }, 12 },           /* mapped */
        { { 96, { 0 } }, 12 },                                  /* compatible */
        { { 96, { 0x00, 0x64, 0xff, 0x9b } }, 12 },             /* NAT64, RFC 6052 */
        { { 16, { 0x20, 0x02 } }, 2 },                          /* 6to4 */
};

static bool is_in(const Block *block, const uint8_t *bytes) {
        size_t whole = block->bits / 8;
        uint8_t mask = (uint8_t) (0xff00u >> block->bits % 8);

        return !memcmp(block->bytes, bytes, whole) && (mask == 0 || ((block->bytes[whole] ^ bytes[whole]) & mask) == 0);
}

#define IS_IN_ANY(blocks, bytes) is_in_any((blocks), sizeof(blocks) / sizeof((blocks)[0]), (bytes))

static bool is_in_any(const Block *blocks, size_t n, const uint8_t *bytes) {
        for (size_t i = 0; i < n; i++)
                if (is_in(&blocks[i], bytes))
                        return true;
        return false;
}

static bool is_special6(const uint8_t *bytes) {
        if (IS_IN_ANY(blocks6, bytes))
                return true;
        for (size_t i = 0; i < sizeof(carriers) / sizeof(carriers[0]); i++)
                if (is_in(&carriers[i].block, bytes) && IS_IN_ANY(blocks4, bytes + carriers[i].offset))
                        return true;
        return false;
}

static const uint8_t *bytes_of(const struct sockaddr_storage *address, size_t *ret_size) {
        *ret_size = address->ss_family == AF_INET6 ? 16 : 4;
        return address->ss_family == AF_INET6 ? ((const struct sockaddr_in6 *) address)->sin6_addr.s6_addr :
                (const uint8_t *) &((const struct sockaddr_in *) address)->sin_addr;
}

/* To an own address the kernel speaks from that same one.  A datagram socket that connects sends nothing. */
static bool is_own(const MdAddress *address) {
        struct sockaddr_storage here = { 0 };
        socklen_t length = sizeof(here);
        size_t size;

        int fd = socket(address->bytes.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (fd < 0)
                return false;
        bool own = connect(fd, (const struct sockaddr *) &address->bytes, address->length) == 0 &&
                   getsockname(fd, (struct sockaddr *) &here, &length) == 0 &&
                   here.ss_family == address->bytes.ss_family &&
                   !memcmp(bytes_of(&here, &size), bytes_of(&address->bytes, &size), here.ss_family == AF_INET6 ? 16 : 4);
        close(fd);
        return own;
}

bool md_address_is_special(const MdAddress *address) {
        size_t size;
        const uint8_t *bytes = bytes_of(&address->bytes, &size);

        return size == 16 ? is_special6(bytes) : IS_IN_ANY(blocks4, bytes);
}

bool md_address_is_internal(const MdAddress *address) {
        return md_address_is_special(address) || is_own(address);
}

size_t md_addresses_guard(MdAddresses *addresses, MdAddress *ret) {
        size_t n = 0, left_out = 0;

        for (size_t i = 0; i < addresses->n; i++)
                if (!md_address_is_internal(&addresses->list[i]))
                        addresses->list[n++] = addresses->list[i];
                else if (left_out++ == 0)
                        *ret = addresses->list[i];
        addresses->n = n;
        return left_out;
}
