/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The form of single settings: host names, mail addresses, user names, mechanisms, descriptors.
 *
 * What passes here can be put on the wire without harm.  Whether it is right is what a diagnosis finds out.
 */

#include <arpa/inet.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "form.h"
#include "text.h"

#define HOST_MAX 253u                   /* RFC 1035 section 2.3.4, less the two octets around the text */
#define LABEL_MAX 63u
#define LOCAL_PART_MAX 64u              /* RFC 5321 section 4.5.3.1.1 */
#define ADDRESS_MAX 254u                /* RFC 5321 section 4.5.3.1.3, less the angle brackets */
#define USERNAME_MAX 255u
#define MECHANISM_MAX 20u
#define PROTOCOL_MAX 31u
#define ZONE_MAX 15u                    /* IF_NAMESIZE less the NUL */

static bool is_ascii_alnum(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_beyond_ascii(char c) {
        return (unsigned char) c >= 0x80;
}

static const char *fault_text(const char *text) {
        if (!*text)
                return "is empty";
        if (strpbrk(text, "\r\n"))
                return "holds a line break";
        if (!md_text_is_clean(text, strlen(text)))
                return "holds a control character or an invisible one";
        return NULL;
}

const char *form_fault_protocol(const char *word) {
        size_t length = strlen(word);

        if (length == 0)
                return "is empty";
        if (length > PROTOCOL_MAX || strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-") != length)
                return "is not the name of a protocol";
        return NULL;
}

/* ---- hosts ---- */

static bool is_ipv4(const char *text) {
        struct in_addr address;
        return inet_pton(AF_INET, text, &address) == 1;
}

/* With a zone (RFC 4007 section 11), which link-local addresses need. */
static bool is_ipv6(const char *text) {
        char address[INET6_ADDRSTRLEN] = "";
        struct in6_addr parsed;
        size_t length = strcspn(text, "%");

        if (length >= sizeof(address))
                return false;
        memcpy(address, text, length);
        if (text[length] == '%') {
                size_t zone = strlen(text + length + 1);
                if (zone == 0 || zone > ZONE_MAX || strpbrk(text + length + 1, "%/ "))
                        return false;
        }
        return inet_pton(AF_INET6, address, &parsed) == 1;
}

static const char *fault_label(const char *label, size_t length) {
        if (length == 0)
                return "has an empty label";
        if (length > LABEL_MAX)
                return "has a label of more than 63 bytes";
        if (label[0] == '-' || label[length - 1] == '-')
                return "has a label that begins or ends with a hyphen";
        for (size_t i = 0; i < length; i++)
                if (!is_ascii_alnum(label[i]) && label[i] != '-' && label[i] != '_' && !is_beyond_ascii(label[i]))
                        return "holds a character that host names do not have";
        return NULL;
}

/* The C library takes "127.1" and "0x7f.1" for addresses; nobody means that. */
static bool is_number(const char *label) {
        if (label[0] == '0' && (label[1] == 'x' || label[1] == 'X'))
                return strspn(label + 2, "0123456789abcdefABCDEF") == strlen(label + 2);
        return strspn(label, "0123456789") == strlen(label);
}

static const char *fault_name(const char *name) {
        const char *label = name;
        for (;;) {
                size_t length = strcspn(label, ".");
                const char *fault = fault_label(label, length);
                if (fault)
                        return fault;
                if (!label[length])
                        break;
                label += length + 1;
        }
        return is_number(label) ? "looks like an IPv4 address but is none" : NULL;
}

const char *form_fault_host(const char *host) {
        const char *fault = fault_text(host);
        if (fault)
                return fault;
        if (strstr(host, "://"))
                return "is a URL, not the name of a host";
        if (strchr(host, '@'))
                return "is a mail address, not the name of a host";
        if (strchr(host, ' '))
                return "holds a space";
        if (strlen(host) > HOST_MAX)
                return "is longer than 253 bytes";
        if (is_ipv4(host) || is_ipv6(host))
                return NULL;
        if (strchr(host, ':'))
                return "is neither a name nor an IPv6 address; a port is a setting of its own";
        return fault_name(host);
}

/* ---- mail addresses ---- */

/* Length of a quoted string at `text` with both quotes, 0 when it does not end. */
static size_t quoted_length(const char *text) {
        size_t i = 1;
        while (text[i] && text[i] != '"')
                i += text[i] == '\\' && text[i + 1] ? 2 : 1;
        return text[i] ? i + 1 : 0;
}

static const char *fault_dot_string(const char *text, size_t length) {
        if (text[0] == '.' || text[length - 1] == '.')
                return "has a dot at the start or end of the part before the @";
        for (size_t i = 0; i < length; i++) {
                if (text[i] == '.' && text[i + 1] == '.')
                        return "has two dots in a row";
                if (!is_ascii_alnum(text[i]) && !is_beyond_ascii(text[i]) && !strchr("!#$%&'*+-/=?^_`{|}~.", text[i]))
                        return "holds a character that must stand in quotes";
        }
        return NULL;
}

static const char *fault_domain(const char *domain) {
        size_t length = strlen(domain);

        if (length == 0)
                return "has nothing after the @";
        if (domain[0] == '[')
                return domain[length - 1] == ']' && strcspn(domain + 1, "[]\\ ") == length - 2 ?
                        NULL : "has an address in brackets that is none";
        if (is_ipv4(domain) || strchr(domain, ':'))
                return "has an address after the @ that must stand in brackets";
        return form_fault_host(domain) ? "has a part after the @ that is no host name" : NULL;
}

const char *form_fault_address(const char *address) {
        const char *fault = fault_text(address);
        if (fault)
                return fault;
        if (strlen(address) > ADDRESS_MAX)
                return "is longer than 254 bytes";

        bool quoted = address[0] == '"';
        size_t local = quoted ? quoted_length(address) : strcspn(address, "@");
        if (quoted && local == 0)
                return "has a quote without an end";
        if (address[local] != '@')
                return quoted && address[local] ? "has something between the quote and the @" : "has no @";
        if (local == 0)
                return "has nothing before the @";
        if (local > LOCAL_PART_MAX)
                return "has more than 64 bytes before the @";
        if (!quoted && (fault = fault_dot_string(address, local)))
                return fault;
        if (strchr(address + local + 1, '@'))
                return "has more than one @";
        return fault_domain(address + local + 1);
}

/* What stands outside of a quoted local part. */
static bool has_outside_quotes(const char *address, char c) {
        size_t quoted = address[0] == '"' ? quoted_length(address) : 0;
        return strchr(address + quoted, c) != NULL;
}

const char *form_fault_search(const char *address) {
        if (has_outside_quotes(address, '<') || has_outside_quotes(address, '>'))
                return "has a name or brackets beside it; give the bare address";
        if (has_outside_quotes(address, '('))
                return "has a comment; give the bare address";
        const char *fault = form_fault_address(address);
        if (fault)
                return fault;
        const char *domain = strrchr(address, '@') + 1;
        if (domain[0] == '[')
                return "has an address in brackets; settings are published for domains only";
        size_t length = strlen(domain);
        return memchr(domain, '.', length - 1) ? NULL : "has a domain without a dot; settings are published for full names only";
}

/* ---- the rest ---- */

const char *form_fault_username(const char *username) {
        const char *fault = fault_text(username);
        if (fault)
                return fault;
        return strlen(username) > USERNAME_MAX ? "is longer than 255 bytes" : NULL;
}

const char *form_fault_mechanism(const char *name) {
        size_t length = strlen(name);

        if (length == 0 || length > MECHANISM_MAX ||
            strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") != length)
                return "is not the name of a SASL mechanism";
        return NULL;
}

const char *form_fault_descriptor(int fd, bool one_reader) {
        struct stat info;
        int flags = fcntl(fd, F_GETFL);

        if (flags < 0 || fstat(fd, &info) < 0)
                return "is not an open descriptor";
        if (flags & O_PATH)
                return "is opened with O_PATH and cannot be read";
        if (S_ISDIR(info.st_mode))
                return "is a directory";
        if (S_ISSOCK(info.st_mode))
                return "is a socket; give a file or a pipe";
        if (!S_ISREG(info.st_mode) && !S_ISFIFO(info.st_mode))
                return "is neither a file nor a pipe";
        if ((flags & O_ACCMODE) == O_WRONLY)
                return "is open for writing only";
        if (S_ISFIFO(info.st_mode) && !one_reader)
                return "is a pipe, which only one probe can read; give a file";
        return NULL;
}
