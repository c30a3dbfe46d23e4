/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Certificates of the scripted server. */

#include <gnutls/gnutls.h>

/* Credentials of that kind for a server of that name; NULL when there is no such kind. */
gnutls_certificate_credentials_t certificates_server(const char *kind, const char *host);
/* A new descriptor with the PEM of the authority. */
int certificates_ca_fd(void);
