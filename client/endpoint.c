/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Host names, ports and mail addresses: text in, parts or a sentence out.  No I/O. */

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "endpoint.h"
#include "i18n.h"

#define HOST_MAX 253                    /* RFC 1035, as text */
#define LOCAL_PART_MAX 64               /* RFC 5321 section 4.5.3.1 */
#define ADDRESS_MAX 254

static bool is_ipv6(const char *text) {
        char copy[INET6_ADDRSTRLEN];
        struct in6_addr address;
        size_t length = strcspn(text, "%");     /* a zone follows: fe80::1%eth0 */

        if (length >= sizeof(copy))
                return false;
        memcpy(copy, text, length);
        copy[length] = '\0';
        return inet_pton(AF_INET6, copy, &address) == 1;
}

static const char *host_problem(const char *host) {
        if (*host == '\0')
                return N_("the host name is missing");
        if (strstr(host, "://") || strchr(host, '/'))
                return N_("this is the form of a web address; only the host name is needed");
        if (strchr(host, '@'))
                return N_("this is a mail address; the name of the server is needed");
        if (strpbrk(host, " \t"))
                return N_("a host name has no spaces");
        if (strpbrk(host, "[]"))
                return N_("brackets belong around an IPv6 address only, as in [2001:db8::1]:993");
        if (*host == '.' || strstr(host, ".."))
                return N_("two dots follow each other, or the name begins with one");
        if (strlen(host) > HOST_MAX)
                return N_("a host name has at most 253 characters");
        return NULL;
}

const char *port_problem(const char *text, uint16_t *ret) {
        size_t digits = strspn(text, "0123456789");
        if (digits == 0 || text[digits] != '\0' || digits > 5)
                return N_("the port must be a number from 1 to 65535");
        unsigned long port = strtoul(text, NULL, 10);
        if (port == 0 || port > UINT16_MAX)
                return N_("the port must be a number from 1 to 65535");
        *ret = (uint16_t) port;
        return NULL;
}

/* Cuts "[2001:db8::1]:993" in two; the rest begins after the bracket. */
static const char *cut_bracketed(char *text, char **ret_host, char **ret_rest) {
        char *end = strchr(text, ']');
        if (!end)
                return N_("the closing bracket is missing");
        *end = '\0';
        if (!is_ipv6(text + 1))
                return N_("there is no IPv6 address between the brackets");
        if (end[1] != '\0' && end[1] != ':')
                return N_("only a colon and a port may follow the bracket");
        *ret_host = text + 1;
        *ret_rest = end + 1;
        return NULL;
}

/* Cuts "mail.example.org:993" in two; the rest begins at the colon. */
static const char *cut_named(char *text, char **ret_host, char **ret_rest) {
        if (strstr(text, "://"))
                return host_problem(text);
        if (is_ipv6(text))
                return N_("an IPv6 address needs brackets here, as in [2001:db8::1]:993");
        char *colon = strchr(text, ':');
        if (colon && strchr(colon + 1, ':'))
                return N_("there is more than one colon");
        *ret_host = text;
        *ret_rest = colon ? colon : text + strlen(text);
        return NULL;
}

static const char *parse(char *text, char **ret_host, uint16_t *ret_port) {
        char *host = text, *rest = text;
        const char *problem = *text == '[' ? cut_bracketed(text, &host, &rest) : cut_named(text, &host, &rest);
        if (problem)
                return problem;

        *ret_port = 0;
        if (*rest == ':') {
                *rest = '\0';
                problem = port_problem(rest + 1, ret_port);
        }
        *ret_host = host;
        return host_problem(host) ?: problem;
}

int endpoint_parse(const char *text, char **ret_host, uint16_t *ret_port, const char **ret_problem) {
        char *host, *copy = strdup(text);
        uint16_t port;
        if (!copy)
                return -ENOMEM;

        const char *problem = parse(copy, &host, &port);
        if (problem) {
                free(copy);
                *ret_problem = problem;
                return -EINVAL;
        }
        memmove(copy, host, strlen(host) + 1);
        *ret_host = copy;
        *ret_port = port;
        return 0;
}

int host_parse(const char *text, char **ret_host, const char **ret_problem) {
        uint16_t port;
        char *host;

        if (is_ipv6(text)) {
                host = strdup(text);
                if (!host)
                        return -ENOMEM;
                *ret_host = host;
                return 0;
        }
        int r = endpoint_parse(text, &host, &port, ret_problem);
        if (r < 0)
                return r;
        if (port != 0) {
                free(host);
                *ret_problem = N_("a port does not belong here");
                return -EINVAL;
        }
        *ret_host = host;
        return 0;
}

/* RFC 5321 section 4.1.2: a dot-string of atoms, or anything between quotation marks. */
static const char *local_part_problem(const char *local, size_t length) {
        if (length == 0)
                return N_("nothing stands before the @");
        if (length > LOCAL_PART_MAX)
                return N_("more than 64 characters stand before the @");
        if (local[0] == '"')
                return length > 1 && local[length - 1] == '"' ? NULL : N_("a quotation mark is not closed");
        if (local[0] == '.' || local[length - 1] == '.' || memmem(local, length, "..", 2))
                return N_("a dot stands at the wrong place before the @");
        for (size_t i = 0; i < length; i++)
                if (strchr(" \t()<>[]:;@\\,\"", local[i]))
                        return N_("a space, bracket, comma or the like stands before the @");
        return NULL;
}

static const char *domain_problem(const char *domain) {
        if (*domain == '\0')
                return N_("nothing stands after the @");
        if (strpbrk(domain, " \t()<>:;\\,\"@/"))
                return N_("a space, bracket, comma or the like stands after the @");
        if (*domain == '[')
                return strchr(domain, ']') ? NULL : N_("the closing bracket is missing");
        if (*domain == '.' || domain[strlen(domain) - 1] == '.' || strstr(domain, ".."))
                return N_("a dot stands at the wrong place after the @");
        return NULL;
}

const char *address_problem(const char *address) {
        const char *at = strrchr(address, '@');
        if (!at)
                return N_("it has no @");
        if (strlen(address) > ADDRESS_MAX)
                return N_("a mail address has at most 254 characters");
        return local_part_problem(address, (size_t) (at - address)) ?: domain_problem(at + 1);
}
