/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The form of host names, ports and mail addresses as a person types them.  What stands behind a name is for the
 * daemon to find out; here is only what cannot be right. */

#include <stdint.h>

/* HOST[:PORT], an IPv6 address in brackets; the port is 0 when absent.  Returns 0 and a host without brackets, or
 * -EINVAL and what is wrong (a msgid), or -ENOMEM. */
int endpoint_parse(const char *text, char **ret_host, uint16_t *ret_port, const char **ret_problem);

/* A host name or an address, brackets allowed, without a port. */
int host_parse(const char *text, char **ret_host, const char **ret_problem);

/* What is wrong with a port number (a msgid), or NULL and the number. */
const char *port_problem(const char *text, uint16_t *ret);

/* What is wrong with a mail address (a msgid), or NULL.  RFC 5321 section 4.1.2, RFC 6531. */
const char *address_problem(const char *address);
