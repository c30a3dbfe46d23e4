/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reads DER element by element: no recursion, no memory, no meaning. */

#include <assert.h>
#include <errno.h>

#include "der.h"

/* Long form of a length (X.690 section 8.1.3.5). */
static int der_length(MdDer *der, size_t n, size_t *ret) {
        if (n < 1 || n > 3 || (size_t) (der->end - der->at) < n)
                return -EBADMSG;
        size_t length = 0;
        for (; n > 0; n--)
                length = length << 8 | *der->at++;
        *ret = length;
        return 0;
}

int md_der_next(MdDer *der, uint8_t *ret_tag, MdDer *ret_inside) {
        MdDer rest = *der;
        if (rest.at == rest.end)
                return -ENODATA;
        if (rest.end - rest.at < 2)
                return -EBADMSG;
        uint8_t tag = *rest.at++;
        size_t length = *rest.at++;
        if (length >= 0x80 && der_length(&rest, length & 0x7f, &length) < 0)
                return -EBADMSG;
        if ((size_t) (rest.end - rest.at) < length)
                return -EBADMSG;
        *ret_tag = tag;
        *ret_inside = (MdDer) { rest.at, rest.at + length };
        der->at = rest.at + length;
        return 0;
}

int md_der_take(MdDer *der, uint8_t tag, MdDer *ret_inside) {
        uint8_t found;
        MdDer rest = *der, inside;
        assert(der != ret_inside);
        if (md_der_next(&rest, &found, &inside) < 0 || found != tag)
                return -EBADMSG;
        *ret_inside = inside;
        *der = rest;
        return 0;
}
