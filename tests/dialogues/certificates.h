/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Certificates of the scripted server. */

#include <gnutls/gnutls.h>

/* Credentials of a kind of ../certs; NULL when there is no such kind. */
gnutls_certificate_credentials_t certificates_server(const char *kind);
/* A new descriptor with the PEM of the authority. */
int certificates_ca_fd(void);
void certificates_done(void);
