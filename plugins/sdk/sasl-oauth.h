/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The two ways to present an OAuth 2.0 token: OAUTHBEARER (RFC 7628) and its forerunner XOAUTH2. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Why a token was refused, as the error challenge says; texts of the peer, cut to size. */
typedef struct MdOauthError {
        bool seen;
        char status[64];
        char scope[256];
        char schemes[64];
} MdOauthError;

/* What stands before and behind the token in the message.  Free *ret_before. */
int md_oauth_message(bool bearer, const char *username, const char *host, uint16_t port, char **ret_before,
                     const char **ret_after);
/* Reads the error challenge; one that cannot be read has the status "unreadable". */
void md_oauth_read_error(const char *challenge, size_t size, MdOauthError *ret);
/* What the client answers to the error challenge, so that the server can refuse. */
const char *md_oauth_dummy_response(bool bearer);
