/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The rules of SCRAM that protect the password, checked by ourselves: a library computes the proof as soon as
 * it can read the message, and a proof for one round of hashing, or with a nonce that is not fresh, is
 * material to guess from.
 */

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <maildiag/finding.h>

#include "base64.h"
#include "sasl-scram.h"

#define ITERATIONS_MIN 4096             /* RFC 5802 section 5.1 */
#define ITERATIONS_MAX 100000           /* more only burns our time */
#define SALT_MAX 1024

/* Characters of a nonce (RFC 5802 section 7): printable ASCII without the comma. */
static size_t nonce_length(const char *text) {
        size_t n = 0;
        while (text[n] >= 0x21 && text[n] <= 0x7e && text[n] != ',')
                n++;
        return n;
}

int md_scram_client_nonce(const char *message, size_t size, char ret[static MD_SCRAM_NONCE_MAX]) {
        const char *nonce = memmem(message, size, ",r=", 3);
        size_t length = nonce ? size - (size_t) (nonce + 3 - message) : 0;
        if (length == 0 || length >= MD_SCRAM_NONCE_MAX)
                return -EBADMSG;
        memcpy(ret, nonce + 3, length);
        ret[length] = '\0';
        return 0;
}

/* The value of the attribute that must stand here, up to the comma; moves behind it.  NULL when another
 * stands here. */
static const char *take_attribute(const char **message, char name, size_t *ret_length) {
        const char *value = *message;
        if (value[0] != name || value[1] != '=')
                return NULL;
        value += 2;
        *ret_length = strcspn(value, ",");
        *message = value + *ret_length;
        if (**message == ',')
                (*message)++;
        return value;
}

static bool is_salt(const char *value, size_t length) {
        char encoded[MD_BASE64_SIZE(SALT_MAX)], salt[SALT_MAX + 1];
        size_t size;
        if (length >= sizeof(encoded))
                return false;
        memcpy(encoded, value, length);
        encoded[length] = '\0';
        return md_base64_decode(encoded, salt, sizeof(salt), &size) == 0 && size > 0;
}

/* Digits only, no leading zero; more than fit count as too many. */
static bool read_iterations(const char *value, size_t length, unsigned long *ret) {
        if (length == 0 || value[0] == '0' || strspn(value, "0123456789") < length)
                return false;
        *ret = length > 9 ? 1000000000 : strtoul(value, NULL, 10);
        return true;
}

int md_scram_check_first(const char *nonce, const char *message, const char **ret_what) {
        unsigned long iterations;
        size_t r_length, s_length, i_length;
        /* A mandatory extension (m=) stands first, and makes us stop (RFC 5802 section 5.1). */
        const char *r = take_attribute(&message, 'r', &r_length);
        const char *s = r ? take_attribute(&message, 's', &s_length) : NULL;
        const char *i = s ? take_attribute(&message, 'i', &i_length) : NULL;
        if (!i || nonce_length(r) != r_length || !is_salt(s, s_length) ||
            !read_iterations(i, i_length, &iterations))
                return -EBADMSG;

        if (r_length <= strlen(nonce) || strncmp(r, nonce, strlen(nonce)))
                *ret_what = N_("its nonce does not continue ours");
        else if (iterations < ITERATIONS_MIN)
                *ret_what = N_("it asks for too few rounds of hashing");
        else if (iterations > ITERATIONS_MAX)
                *ret_what = N_("it asks for too many rounds of hashing");
        else
                return 0;
        return -EKEYREJECTED;
}
