/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A name to addresses, as a mail client finds them. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define MD_ADDRESSES_MAX 8u             /* most addresses of a name that are tried */

typedef struct MdAddress {
        struct sockaddr_storage bytes;
        socklen_t length;
} MdAddress;

typedef struct MdAddresses {
        size_t n;
        MdAddress list[MD_ADDRESSES_MAX];       /* in the order of RFC 8305 section 4: families in turn */
        size_t n_found;                         /* of the name altogether */
} MdAddresses;

typedef enum MdResolution {
        MD_RESOLVED,
        MD_RESOLVE_NO_SUCH_NAME,        /* NXDOMAIN */
        MD_RESOLVE_NO_ADDRESS,          /* the name is there, without A and AAAA */
        MD_RESOLVE_FAILURE,             /* a name server answered that it cannot tell */
        MD_RESOLVE_TIMEOUT,             /* no name server answered */
} MdResolution;

/* Looks a name or address literal up.  Takes at most about `budget` microseconds, in whole seconds.  Returns
 * an MdResolution, or -errno for our own trouble. */
int md_resolve(const char *name, uint16_t port, uint64_t budget, MdAddresses *ret);

/* Whether an address belongs to the machine that uses it: loopback or unspecified. */
bool md_address_is_loopback(const MdAddress *address);
/* Whether an address is of no host elsewhere by its form: loopback, unspecified, link-local, one where a cloud tells its guests
 * about themselves, several hosts at once. */
bool md_address_is_special(const MdAddress *address);
/* The same, or it is an own one of the computer.  Asks the kernel which address it would speak from; sends nothing. */
bool md_address_is_internal(const MdAddress *address);
/* Leaves those out; `ret` gets the first of them.  Returns how many there were. */
size_t md_addresses_guard(MdAddresses *addresses, MdAddress *ret);
/* Text of an address without port. */
#define MD_ADDRESS_TEXT_MAX 64
void md_address_text(const MdAddress *address, char ret[static MD_ADDRESS_TEXT_MAX]);
const char *md_address_family(const MdAddress *address);
