/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The secret of a probe: read once, from a descriptor, into one locked page that no core dump holds; and the
 * hunt for it in everything that leaves the process.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct MdSecret MdSecret;

#define MD_SECRET_MAX (16u * 1024u)

/*
 * Takes the locked memory, still empty.  To be called before the process is locked: the kernel's secret
 * memory (memfd_secret) cannot be had under RLIMIT_FSIZE 0; where it is missing, a locked page that is left
 * out of dumps serves.  Returns 0 or -ENOMEM.
 */
int md_secret_new(MdSecret **ret);
/*
 * Reads a password or token: a regular file or memory file from its start (with pread, so that many probes
 * can share the descriptor), a pipe to its end.  Waits at most 2 s, never maps the file, drops one newline at
 * the end.  Closes nothing.  Returns 0, or -EINVAL with a reason for a person ("is a directory", "is empty",
 * "stays silent", …).
 */
int md_secret_read(MdSecret *secret, int fd, const char **ret_reason);
/* Wipes and frees; returns NULL. */
MdSecret *md_secret_free(MdSecret *secret);

const char *md_secret_bytes(const MdSecret *secret);
size_t md_secret_size(const MdSecret *secret);

/* What is odd about it ("a space at its end", "an invisible character", "a character outside ASCII"), or
 * NULL. */
const char *md_secret_oddity(const MdSecret *secret);
/* Whether it holds CR, LF or NUL, which no protocol can carry. */
bool md_secret_has_control(const MdSecret *secret);

/*
 * Overwrites with '*' every place of `text` (size bytes, in place) that shows the secret: as it is,
 * percent-encoded, as an IMAP quoted string, hexadecimal, in UTF-16, in base64 alone or inside something
 * longer ("\0user\0secret").  A piece of at least 4 bytes counts at the ends of the text, where a reply of
 * several lines may have been broken. Secrets shorter than 4 bytes are sought in whole words only.  Returns
 * how many places.
 */
size_t md_secret_redact(const MdSecret *secret, char *text, size_t size);

/* The bytes with which a form of the secret can begin, as a table that is kept beside it: at most places of a text no closer look is
 * needed. */
const bool *md_secret_starts(const MdSecret *secret);
/* Makes the table, all false before; for md_secret_read(). */
void md_redact_starts(const uint8_t *secret, size_t size, bool starts[static 256]);
